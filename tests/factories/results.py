"""Measurements: the job that made them, and the numbers."""

from typing import Any

from hub.accounts.models import Namespace, User
from hub.catalog.models import Repo
from hub.core import clock
from hub.jobs.models import EvaluationResult, Job, State
from hub.jobs.selectors.results import heads_of
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo


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
