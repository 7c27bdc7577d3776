"""What jobs of this hub measured: of a model, and by one measurement; and how to measure it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read
from hub.jobs.errors import NoSuchResult
from hub.jobs.models import EvaluationResult, Job
from hub.jobs.selectors.sources import may_see_all

MAX_RESULTS = 2000


@dataclass(frozen=True)
class MeasuredAt:
    """A measurement as the viewer may see it. `job`: its job's id, empty where they may not see the job. `is_current`:
    of the commit that main of the model is at now. `dataset`: the data set while it is there and theirs to see."""

    row: EvaluationResult
    job: str = ""
    is_current: bool = False
    dataset: Repo | None = None

    @property
    def measured_by(self) -> str:
        return measured_by(self.row)


def measured_by(row: EvaluationResult) -> str:
    """The suite, or the recipe whose own metric it is, with its major version: what makes numbers comparable."""
    name, version = (row.suite, row.suite_version) if row.suite else (row.recipe, row.recipe_version)
    major = version.partition(".")[0]
    return f"{name}@{major}" if major else name


def visible(viewer: Viewer) -> QuerySet[EvaluationResult]:
    """Measurements of models that the viewer may see, on data sets that they may see, or on none. Those on a data set
    that is gone are for the model's own people: it may have been private."""
    rows = EvaluationResult.objects.select_related("repo__owner", "dataset__owner")
    if viewer.is_admin:
        return rows
    repos = Repo.objects.visible_to(viewer)
    own = Q(dataset=None, repo__owner__in=list(viewer.roles))
    return rows.filter(Q(dataset__in=repos) | Q(dataset=None, dataset_name="") | own, repo__in=repos)


def results_of(viewer: Viewer, repo: Repo, *, commit: str = "", dataset: str = "") -> tuple[MeasuredAt, ...]:
    """All measurements of a model, the newest first; of one commit, or on one data set (owner/name), where told.

    Raises `RepoNotFound`.
    """
    check_read(viewer, repo)
    rows = visible(viewer).filter(repo=repo)
    rows = rows.filter(commit=commit) if commit else rows
    rows = rows.filter(dataset_name__iexact=dataset) if dataset else rows
    return as_seen(viewer, list(rows.order_by("-measured_at", "pk")[:MAX_RESULTS]))


def newest_of(viewer: Viewer, repo: Repo, *, commit: str = "") -> tuple[MeasuredAt, ...]:
    """The same with each number once: where it was measured again on the same commits, the newest holds."""
    held: dict[tuple[Any, ...], MeasuredAt] = {}
    for each in results_of(viewer, repo, commit=commit):
        held.setdefault((each.row.commit, *_identity(each.row)), each)
    return tuple(held.values())


def newest_by_model(viewer: Viewer, repos: Iterable[Repo], *, whole: bool = False) -> dict[int, list[MeasuredAt]]:
    """Of each of these that the viewer may see, by its key, the newest of each number, at whichever commit it was
    measured; with `whole` those alone that are of all the data. Four queries, however many they are."""
    rows = visible(viewer).filter(repo__in=[repo.pk for repo in repos])
    rows = rows.filter(slice_key="") if whole else rows
    held: dict[tuple[Any, ...], EvaluationResult] = {}
    for row in rows.order_by("-measured_at", "pk")[:MAX_RESULTS]:
        held.setdefault((row.repo_id, *_identity(row)), row)
    found: dict[int, list[MeasuredAt]] = {}
    for each in as_seen(viewer, list(held.values())):
        found.setdefault(each.row.repo_id, []).append(each)
    return found


def _identity(row: EvaluationResult) -> tuple[Any, ...]:
    data = (row.dataset_name.lower(), row.dataset_commit, row.dataset_config, row.split)
    return (*data, row.task, measured_by(row), row.metric, row.slice_key)


def find_result(viewer: Viewer, public_id: str) -> MeasuredAt:
    """Raises `NoSuchResult`, for missing ones and for those that aren't the viewer's to see."""
    row = visible(viewer).filter(public_id=public_id).first()
    if row is None:
        raise NoSuchResult
    return as_seen(viewer, [row])[0]


def as_seen(viewer: Viewer, rows: list[EvaluationResult]) -> tuple[MeasuredAt, ...]:
    """Two queries, however many they are."""
    made_by = {row.job_id or 0 for row in rows}
    jobs = dict(Job.objects.visible_to(viewer).filter(pk__in=made_by).values_list("pk", "public_id"))
    heads = heads_of({row.repo_id for row in rows})
    return tuple(
        MeasuredAt(row, jobs.get(row.job_id or 0, ""), heads.get(row.repo_id) == row.commit, row.dataset)
        for row in rows
    )


def heads_of(repos: set[int]) -> dict[int, str]:
    """Main's commit, by the repository's key."""
    found = Repo.objects.filter(pk__in=repos, refs__name="refs/heads/main")
    return dict(found.values_list("pk", "refs__target"))


def order_again(viewer: Viewer, result: MeasuredAt) -> dict[str, Any]:
    """The order that measures the same on the same commits, for whoever may see all that it reads.

    Raises `NoSuchResult` where the job read something that the viewer may not see, or is gone with its order.
    """
    row = result.row
    job = row.job
    if job is None or not may_see_all(viewer, job.spec):
        raise NoSuchResult("What this was measured with is not at hand any more, or not yours to see.")
    told = job.spec
    return {
        "kind": "evaluate",
        "base": row.repo.full_name,
        "base_revision": row.commit,
        "datasets": [_source(each) for each in _read(job.kind, told)],
        "recipe": told.get("recipe", ""),
        "suites": list(told.get("suites", [])),
        "config": told.get("config", {}) if job.kind == "evaluate" else {},
        "seed": row.seed,
        "title": f"Again: {row.metric} of {row.repo.full_name}"[:200],
    }


def _read(kind: str, spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a measurement reads: some suites compare the test with what the model learned from, a fine-tune's own
    numbers are of its test alone."""
    given = spec.get("datasets", [])
    return [each for each in given if kind == "evaluate" or each.get("role") != "train"]


def _source(each: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: each.get(name, "") for name in ("repo", "role", "config", "split")}
    return {**kept, "revision": each.get("commit", ""), "columns": each.get("columns", {})}
