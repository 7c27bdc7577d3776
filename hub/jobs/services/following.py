"""What a job measured, told to governance: suites that ran, findings, data that a model was made from, overlap."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import may_write
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.models import Revision
from hub.governance.permissions import may_file
from hub.governance.records.data import OVERLAP_METHODS
from hub.governance.records.schema import get
from hub.governance.services import data, examination, findings, suites
from hub.jobs.errors import NothingToFile
from hub.jobs.models import EvaluationResult, Job, Kind, State
from hub.jobs.selectors.proposals import has_news, overlaps_of
from hub.jobs.selectors.sources import measured_model, sources_of
from workers.contract import Finding, JobResult

_PATIENCE = dt.timedelta(minutes=5)
_SHARE = "contaminated_"


def result_made(*, job_id: int) -> None:
    """Before: a job's numbers are on record. After: the revision's review knows of them. Run again, it changes nothing.

    Findings, and overlap with tests, are filed for those alone who may say so of the model; for others they stay with
    the job until somebody who may files them (`file_findings`).
    """
    job = Job.objects.select_related("base__owner", "out_repo__owner", "ordered_by").filter(pk=job_id).first()
    if job is None:
        return
    if revision := _revision(job):
        _tell(job, revision)
    with write_transaction():
        Job.objects.filter(pk=job.pk).update(followed_at=clock.now())


def follow_missing(*, limit: int) -> int:
    """Enqueue what no task followed, as a broker lost it; how many. What has just ended is on its way."""
    before = clock.now() - _PATIENCE
    rows = Job.objects.filter(state=State.SUCCEEDED, followed_at=None, ended_at__lt=before).order_by("pk")
    waiting = list(rows.values_list("pk", flat=True)[:limit])
    for pk in waiting:
        enqueue("jobs.result_made", job=pk)
    return len(waiting)


def _tell(job: Job, revision: Revision) -> None:
    suites.ran(revision=revision, runs=_runs(job), job=job.public_id)
    if job.kind == Kind.FINETUNE:
        data.used_by_job(revision=revision, sources=list(_used(job, revision.repo)), job=job.public_id)
    by = Viewer(user=job.ordered_by)
    if may_file(by, revision.repo):
        _file(job, revision)
    if may_write(by, revision.repo):
        _tell_overlap(job, revision)


def file_findings(*, by: Viewer, job: Job) -> int:
    """Before: a job measured biases of a model, and who ordered it may not file them. After: somebody who may did; how
    many there are. What it said of overlap with tests is told too, where they may push.

    Raises `NothingToFile`, and what `check_may_file` does.
    """
    revision = _revision(job) if job.state == State.SUCCEEDED else None
    if revision is None or not has_news(job):
        raise NothingToFile
    findings.check_may_file(by, revision.repo)
    told = _tell_overlap(job, revision) if may_write(by, revision.repo) else 0
    return _file(job, revision) + told


def _revision(job: Job) -> Revision | None:
    repo, commit = measured_model(job)
    made = examination.made(repo_id=repo.pk, commit=commit, by=job.ordered_by.username) if repo else None
    return Revision.objects.select_related("repo__owner", "data_record").get(pk=made.pk) if made else None


def _result(job: Job) -> JobResult:
    return JobResult.from_json(job.result or {})


def _runs(job: Job) -> Iterator[suites.Ran]:
    rows = EvaluationResult.objects.filter(job=job, value__isnull=False).exclude(suite="")
    for row in rows.order_by("pk"):
        yield suites.Ran(row.suite, row.suite_version, row.dataset_name, row.dataset_commit)


def _file(job: Job, revision: Revision) -> int:
    found = _result(job).findings
    for each in found:
        findings.file_by_job(revision=revision, body=_body(job, revision.repo, each), job=job.public_id)
    return len(found)


def _body(job: Job, repo: Repo, told: Finding) -> dict[str, Any]:
    """As the worker has it, with what the hub knows: the job, and the commits of what was measured on what."""
    tested = _tested(job)
    items = told.body.get("evidence", [])
    seen = told.body.get("visibility") or _visibility(repo, (data for _, data in sources_of(job).values()))
    evidence = [_measurement(job, tested, each) for each in items]
    return {**told.body, "title": told.title, "visibility": seen, "evidence": evidence}


def _tested(job: Job) -> Mapping[str, Any]:
    """The data set that was tested on."""
    given = [each for each in job.spec.get("datasets", []) if each.get("role") != "train"]
    return next(iter(given or job.spec.get("datasets", [])), {})


def _measurement(job: Job, tested: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    told = item.get("dataset") or {}
    source, _ = sources_of(job).get(str(told.get("repo", "")).lower(), (tested, None))
    dataset = {"repo": source.get("repo", ""), "revision": source.get("commit", "")}
    return {**item, "dataset": dataset, "job": job.public_id, "model_revision": measured_model(job)[1]}


def _visibility(repo: Repo, datasets: Iterable[Repo | None]) -> str:
    """A public model's findings name no private data to everyone."""
    hidden = [each for each in datasets if each is None or each.is_private]
    if repo.is_private or not hidden:
        return "public"
    return "org" if all(each and each.owner_id == repo.owner_id for each in hidden) else "reviewers"


def _used(job: Job, repo: Repo) -> Iterator[dict[str, Any]]:
    """The sources of a fine-tune, as the record of training data has them."""
    epochs = job.spec.get("config", {}).get("epochs")
    here = sources_of(job)
    for source in job.spec.get("datasets", []):
        if source.get("role") == "test":
            continue
        usage = {"stage": "finetune"} | ({"epochs": epochs} if isinstance(epochs, int | float) else {})
        place = {"repo": source["repo"], "revision": _by(job, source["commit"])}
        place |= {name: source[key] for name, key in (("subset", "config"), ("split", "split")) if source.get(key)}
        licence = {"licence": {"declared": source["licence"]}} if source.get("licence") else {}
        seen = _visibility(repo, [here[str(source["repo"]).lower()][1]])
        yield {"dataset": place, "usage": usage, **licence, **({} if seen == "public" else {"visibility": seen})}


def _by(job: Job, value: Any) -> dict[str, Any]:
    return {"value": value, "measured": job.public_id}


def _tell_overlap(job: Job, revision: Revision) -> int:
    """How much of a test stands in the data that the model was trained on, said of each such source of its record; of
    how many."""
    told = [_overlap(job, revision.repo, row) for row in overlaps_of(job) if _method(row)]
    trained = {str(each["repo"]).lower() for each in job.spec.get("datasets", []) if each.get("role") == "train"}
    record = Revision.objects.select_related("data_record").get(pk=revision.pk).data_record
    listed = record.body["training_data"] if record and told else ()
    named = [source["id"] for source in listed if str(get(source, "dataset.repo")).lower() in trained]
    for name in named:
        data.measured(revision=revision, source=name, path="contamination", value=told, job=job.public_id)
    return len(named)


def _method(row: EvaluationResult) -> str:
    """How rows were compared, as records of training data call it; a run of other than 13 words is an `ngram`."""
    told = row.metric.removeprefix(_SHARE) if row.metric.startswith(_SHARE) else ""
    return told if told in OVERLAP_METHODS or not told.endswith("gram") else "ngram"


def _overlap(job: Job, repo: Repo, row: EvaluationResult) -> dict[str, Any]:
    is_seen = _visibility(repo, [row.dataset]) == "public"
    share = (row.value or 0.0) * (1 if row.unit == "%" else 100)
    name = row.dataset_name if is_seen else "a private data set"
    return {"eval": name, "method": _method(row), "overlap_pct": round(share, 4), "job": job.public_id}
