"""What may be done with what jobs measured of a model: file it, write it into the card, measure it again."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.permissions import may_write
from hub.core.errors import InvalidInput
from hub.jobs.errors import NoSuchJob, NoSuchResult
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import proposals, results
from hub.jobs.selectors.sources import measured_model
from hub.jobs.services import following, orders, writing_back
from hub.web.pages import job_links, links, words


@dataclass(frozen=True)
class Waiting:
    """Biases that one job measured and nobody filed."""

    job: str
    by: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class FollowUp:
    """`url` takes the forms. `may_write_back`: there are numbers, and the reader may push."""

    url: str
    waiting: tuple[Waiting, ...]
    may_write_back: bool


def build(viewer: Viewer, repo: Any, *, job: str = "") -> FollowUp:
    """Of a model; with `job`, of what that one measured alone."""
    waiting = [_waiting(each) for each in proposals.proposals_of(viewer, repo) if job in ("", each.job.public_id)]
    may = may_write(viewer, repo) and bool(writing_back.worth_writing(viewer, repo))
    return FollowUp(job_links.measured_url(repo.full_name), tuple(waiting), may)


def act(viewer: Viewer, repo: Any, asked: dict[str, str], *, origin: str) -> tuple[str, str]:
    """What to tell whoever did it, and where that is to be seen."""
    deeds = {"file": _file, "write": _write, "again": _again}
    deed = deeds.get(asked.get("action", ""))
    if deed is None:
        raise InvalidInput("Choose what to do with what was measured: file it, write it, or measure it again.")
    return deed(viewer, repo, {**asked, "origin": origin})


def find(viewer: Viewer, owner: str, name: str) -> Any:
    return catalog.find_repo(viewer, "model", owner, name)


def _file(viewer: Viewer, repo: Any, asked: dict[str, str]) -> tuple[str, str]:
    job = proposals.find_job_to_file(viewer, asked.get("job", ""))
    if measured_model(job)[0] != repo:
        raise NoSuchJob
    count = following.file_findings(by=viewer, job=job)
    return f"{words.plural(count, 'finding')} filed. The reviewers of bias see them.", _bias_url(repo)


def _write(viewer: Viewer, repo: Any, asked: dict[str, str]) -> tuple[str, str]:
    commit = writing_back.write_back(by=viewer, repo=repo, origin=asked["origin"])
    at = links.tree_url("model", repo.full_name, commit)
    return "The card and .eval_results say what was measured.", at


def _again(viewer: Viewer, repo: Any, asked: dict[str, str]) -> tuple[str, str]:
    found = results.find_result(viewer, asked.get("result", ""))
    if found.row.repo != repo:
        raise NoSuchResult
    order = results.order_again(viewer, found)
    made = orders.order(by=viewer, order=read_order(order))
    return "Ordered: the same model, data and settings, at the same commits.", job_links.job_url(made.public_id)


def _waiting(found: Any) -> Waiting:
    return Waiting(found.job.public_id, found.job.ordered_by.username, found.titles)


def _bias_url(repo: Any) -> str:
    return links.part_url("model", repo.full_name, "bias")
