"""What jobs measured that the people of a model have yet to take up: biases, and overlap of its data with tests."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.core.text import storable
from hub.governance.permissions import may_file
from hub.governance.selectors.findings import jobs_named
from hub.jobs.errors import NoSuchJob
from hub.jobs.models import EvaluationResult, Job, Kind, State
from hub.jobs.selectors.sources import may_see_all, measured_model

_MOST = 20
_RELATED = ("base__owner", "out_repo__owner", "ordered_by", "owner")


@dataclass(frozen=True)
class Proposal:
    """Biases that a job measured, by their titles, and nobody filed."""

    job: Job
    titles: tuple[str, ...]


def proposals_of(viewer: Viewer, repo: Repo) -> tuple[Proposal, ...]:
    """Of a model, the newest first, for those who may file them; on data alone that they may see."""
    if not may_file(viewer, repo):
        return ()
    found = _with_findings(repo).exclude(public_id__in=jobs_named(repo))
    return tuple(_proposal(job) for job in found.order_by("-pk")[:_MOST] if may_see_all(viewer, job.spec))


def find_job_to_file(viewer: Viewer, public_id: str) -> Job:
    """A job that the viewer may see; or somebody else's that measured a model whose findings the viewer may file, on
    data that they may see. Raises `NoSuchJob`."""
    found = Job.objects.select_related(*_RELATED).filter(public_id=storable(public_id))
    job = found.first()
    if job is None or not (_may_take_up(viewer, job) or found.visible_to(viewer).exists()):
        raise NoSuchJob
    return job


def has_news(job: Job) -> bool:
    """Whether it measured anything that a record of the model takes up."""
    return bool((job.result or {}).get("findings")) or overlaps_of(job).exists()


def overlaps_of(job: Job) -> QuerySet[EvaluationResult]:
    """How much of the test it found in the training data, by each way of comparing them."""
    rows = EvaluationResult.objects.filter(job=job, suite="contamination", slice_key="", value__isnull=False)
    return rows.select_related("dataset").order_by("pk")


def _may_take_up(viewer: Viewer, job: Job) -> bool:
    repo, _ = measured_model(job)
    is_seen = repo is not None and Repo.objects.visible_to(viewer).filter(pk=repo.pk).exists()
    return bool(is_seen and repo and may_file(viewer, repo) and may_see_all(viewer, job.spec))


def _with_findings(repo: Repo) -> QuerySet[Job]:
    measured = Q(kind=Kind.EVALUATE, base=repo) | Q(kind=Kind.FINETUNE, out_repo=repo)
    found = Job.objects.filter(measured, state=State.SUCCEEDED, result__findings__0__isnull=False)
    return found.select_related(*_RELATED)


def _proposal(job: Job) -> Proposal:
    listed: Iterable[dict[str, str]] = (job.result or {}).get("findings", ())
    return Proposal(job, tuple(str(each.get("title", "")) for each in listed))
