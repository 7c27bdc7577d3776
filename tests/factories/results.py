"""Measurements: the job that made them, and the numbers."""

from typing import Any

from hub.accounts.models import Namespace, User
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.transactions import write_transaction
from hub.jobs.models import EvaluationResult, Job, State
from hub.jobs.selectors.results import heads_of
from hub.jobs.services import results
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo
from workers.contract import Finding, JobResult, Measured


def make_evaluated(*, by: User | None = None, base: Repo, dataset: Repo, **fields: Any) -> Job:
    """An evaluation of `base` on `dataset`, both at their heads, that succeeded; `by` ordered it."""
    by = by or make_user()
    spec = {
        "kind": "evaluate",
        "recipe": "text-classification",
        "base": _source(base),
        "datasets": [_source(dataset) | {"role": "test", "split": "test", "columns": {"text": "text"}}],
        "suites": ["calibration"],
        "config": {"calibration": {"bins": 15}},
        "seed": 7,
    }
    told = {
        "kind": "evaluate",
        "state": State.SUCCEEDED,
        "title": "An evaluation",
        "spec": spec,
        "recipe": "text-classification",
        "owner": Namespace.objects.get(name=by.username),
        "ordered_by": by,
        "base": base,
        "base_commit": spec["base"]["commit"],
        "dataset": dataset,
        "device_class": "cpu",
        "max_seconds": 600,
        "ended_at": clock.now(),
    }
    return Job.objects.create(**{**told, **fields})


def _source(repo: Repo) -> dict[str, Any]:
    return {"repo": repo.full_name, "commit": heads_of({repo.pk}).get(repo.pk, ""), "kind": repo.kind}


def make_model(name: str = "", **fields: Any) -> Repo:
    return make_repo(name, files={"README.md": b"# A model\n"}, **fields)


def make_dataset(name: str = "", **fields: Any) -> Repo:
    return make_repo(name, kind="dataset", files={"README.md": b"# Data\n"}, **fields)


def make_result(
    repo: Repo | None = None, dataset: Repo | None = None, *, job: Job | None = None, **fields: Any
) -> EvaluationResult:
    """An accuracy of 0.9 in [0.88, 0.92], of the heads of both."""
    repo, dataset = repo or make_model(), dataset or make_dataset()
    heads = heads_of({repo.pk, dataset.pk})
    told = {
        "job": job,
        "job_id_text": job.public_id if job else "job_gone",
        "repo": repo,
        "commit": heads.get(repo.pk, ""),
        "dataset": dataset,
        "dataset_name": dataset.full_name,
        "dataset_commit": heads.get(dataset.pk, ""),
        "split": "test",
        "task": "text-classification",
        "recipe": "text-classification",
        "recipe_version": "1.0",
        "metric": "accuracy",
        "value": 0.9,
        "low": 0.88,
        "high": 0.92,
        "n": 1000,
    }
    return EvaluationResult.objects.create(**{**told, **fields})


def measured(dataset: Repo | None = None, **fields: Any) -> Measured:
    """A number as a worker sends it, of `dataset` at its head."""
    told = {"metric": "accuracy", "value": 0.9, "n": 100, "low": 0.85, "high": 0.95, "split": "test"}
    if dataset is not None:
        told |= {"dataset": dataset.full_name, "dataset_commit": heads_of({dataset.pk})[dataset.pk]}
    return Measured(**{**told, **fields})  # type: ignore[arg-type]


def bias(title: str = "Fewer women are recognised", **more: Any) -> Finding:
    """A bias as a suite proposes it: a gap of 0.25, surely more than 0.1; job and digests are the hub's to fill in."""
    item = {
        "eval": {"suite": "fair-tabular", "version": "1"},
        "slice": "sex=f",
        "metric": "tpr_gap",
        "value": 0.25,
        "ci": [0.15, 0.35],
        "n": 500,
        **more,
    }
    body = {
        "harm": {"class": "quality_of_service"},
        "groups": [{"axis": "sex", "value": "f", "vs": "m"}],
        "severity": {"impact": "1", "exposure": "1"},
        "evidence": [item],
    }
    return Finding(title=title, body=body)


def succeed(job: Job, *numbers: Measured, findings: tuple[Finding, ...] = (), **fields: Any) -> JobResult:
    """Its result is on record, as at its end."""
    result = JobResult(measured=numbers, findings=findings, **fields)
    Job.objects.filter(pk=job.pk).update(result=result.to_json(), state=State.SUCCEEDED)
    job.refresh_from_db()
    with write_transaction():
        results.write(job=job, result=result)
    return result
