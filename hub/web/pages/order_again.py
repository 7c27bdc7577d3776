"""What a form of an order begins with when it is to be like a job's."""

from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import jobs
from hub.web.order_form import COLUMN, OPTION
from hub.web.pages import job_links
from workers.contract import Kind

# A title that nobody chose names what the order may be about no more.
_USUAL = ("Fine-tune of ", "Evaluation of ", "Ranking of ")


def url(job: Any) -> str:
    """The form to change the order of a job that is over; empty where no form says as much, or its base is gone."""
    data = job.spec.get("datasets", ())
    if job.kind == Kind.RANK:
        return job_links.rank_url(job.dataset.full_name, like=job.public_id) if job.dataset else ""
    if job.base is None or job.spec.get("from_scratch") or len({each["repo"] for each in data}) != 1:
        return ""
    address = job_links.finetune_url if job.kind == Kind.FINETUNE else job_links.evaluate_url
    return address(job.base.full_name, revision=job.base_commit, like=job.public_id)


def first(viewer: Viewer, kind: str, like: str) -> dict[str, Any]:
    """Values by field, and `recipe` and `suites`, from the order of this job; none without one. Of a job of another
    kind only the data and how they are read. Raises `NoSuchJob`."""
    if not like:
        return {}
    job = jobs.find_job(viewer, like)
    told = {"recipe": job.spec.get("recipe", ""), "seed": job.spec.get("seed", 0), **_data(job.spec, kind)}
    if job.kind != kind:
        return told
    title = "" if job.title.startswith(_USUAL) else job.title
    told |= {
        "title": title,
        "device": job.spec.get("device", ""),
        "gpus": job.devices,
        "suites": list(job.spec.get("suites", ())),
    }
    return {**told, **_options(job.spec), **(_result(viewer, job) if kind == Kind.FINETUNE else {})}


def first_ranking(viewer: Viewer, like: str) -> dict[str, Any]:
    """The same for a ranking, whose data the page itself names."""
    told = first(viewer, Kind.RANK, like)
    if not told:
        return {}
    spec = jobs.find_job(viewer, like).spec
    home = next((each["repo"] for each in spec.get("datasets", ()) if each.get("role") == "train"), "")
    return {**told, "home": home, "others": ", ".join(each["repo"] for each in spec.get("candidates", ()))}


def _data(spec: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Of a data set that was taken apart by its splits, no split: it would be taken apart again."""
    given = list(spec.get("datasets", ()))
    tested = [each for each in given if each.get("role") != "train"]
    if not given:
        return {}
    one = (tested or given)[0] if kind != Kind.FINETUNE else given[0]
    told = {"dataset": one["repo"], "data_revision": one["commit"], "config": one.get("config", "")}
    told |= {f"{COLUMN}{role}": column for role, column in (one.get("columns") or {}).items()}
    is_whole = kind == Kind.FINETUNE and len(given) > 1
    return told | {"split": "" if is_whole else one.get("split", ""), "held_out": one.get("role") == "both"}


def _options(spec: Mapping[str, Any]) -> dict[str, Any]:
    config = spec.get("config") or {}
    by_offer = config if spec["kind"] == Kind.EVALUATE else {spec.get("recipe", ""): config}
    return {f"{OPTION}{name}-{option}": value for name, told in by_offer.items() for option, value in told.items()}


def _result(viewer: Viewer, job: Any) -> dict[str, Any]:
    is_compared = any(each.spec.get("from_scratch") for each in jobs.children_of(viewer, job))
    is_private = (job.spec.get("inherited") or {}).get("private", True)
    return {"out": job.spec.get("out", ""), "is_public": not is_private, "compare_scratch": is_compared}
