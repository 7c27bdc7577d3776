"""Keep what a job measured, as rows that never change."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from django.db import models

from hub.catalog.models import Repo
from hub.core.tasks import enqueue
from hub.core.text import storable
from hub.jobs.models import EvaluationResult, Job
from hub.jobs.selectors import learned
from hub.jobs.selectors.sources import measured_model, sources_of
from workers.contract import JobResult, Measured

MAX_RESULTS = 5_000
_LONGEST_KEY = 300
_MOST_NUMBER = (1 << 63) - 1
_TEXTS = ("metric", "task", "suite", "suite_version", "unit", "method", "note", "split", "dataset_config")

_LEARNED = "The model was trained on rows of these data."


def write(*, job: Job, result: JobResult) -> int:
    """Before: a job's result was taken, its repository and commit are known. After: its numbers are on record, once,
    and governance hears of them soon after the commit; how many there are. Inside the caller's transaction.

    A number of a data set that the job was not given is kept as of none, with a note.
    """
    enqueue("jobs.result_made", job=job.pk)
    repo, commit = measured_model(job)
    if repo is None or EvaluationResult.objects.filter(job=job).exists():
        return 0
    given, told = sources_of(job), cautioned(job, result.measured[:MAX_RESULTS])
    rows = [_row(job, repo, commit, each, given, result) for each in told]
    return len(EvaluationResult.objects.bulk_create(rows, batch_size=500))


def cautioned(job: Job, measured: Sequence[Measured]) -> list[Measured]:
    """With a note on each number that the model had seen the rows of."""
    known = {each.source["repo"].lower() for each in _tested(job) if learned.learned(job.spec["base"], each)}
    notes = [f"{_LEARNED} {each.note}".strip() if each.dataset.lower() in known else each.note for each in measured]
    return [replace(each, note=note) for each, note in zip(measured, notes, strict=True)]


def _tested(job: Job) -> list[learned.Tested]:
    return learned.tested_of(job.spec) if job.spec.get("base") and not job.spec.get("from_scratch") else []


def slice_key(parts: Mapping[str, str]) -> str:
    """`axis=value` parts, sorted; the end of one that is too long is its hash, so that two never look alike."""
    key = ",".join(f"{axis}={value}" for axis, value in sorted(parts.items()))
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 17]}…{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _row(
    job: Job, repo: Repo, commit: str, told: Measured, given: Mapping[str, Any], result: JobResult
) -> EvaluationResult:
    numbers = {name: _finite(getattr(told, name)) for name in ("value", "low", "high")}
    if numbers["value"] is None:
        numbers = dict.fromkeys(numbers)
    return EvaluationResult(
        job=job,
        job_id_text=job.public_id,
        repo=repo,
        commit=commit,
        recipe=job.recipe,
        recipe_version=_text("recipe_version", result.recipe_version or str(job.spec.get("recipe_version", ""))),
        slice={storable(str(axis)): storable(str(value)) for axis, value in told.slice.items()},
        slice_key=storable(slice_key({str(axis): str(value) for axis, value in told.slice.items()})),
        environment=result.environment,
        predictions_sha256=result.predictions_sha256[:64],
        n=min(max(told.n, 0), _MOST_NUMBER),
        seed=min(max(told.seed, -_MOST_NUMBER), _MOST_NUMBER),
        higher_is_better=told.higher_is_better,
        **{name: _text(name, getattr(told, name)) for name in _TEXTS} | numbers | _data(told, given),
    )


def _data(told: Measured, given: Mapping[str, tuple[Mapping[str, Any], Repo | None]]) -> dict[str, Any]:
    if not told.dataset:
        return {}
    source, repo = given.get(told.dataset.lower(), (None, None))
    if source is None or told.dataset_commit not in ("", source["commit"]):
        return {"note": _text("note", f"Said to be of {told.dataset}, which the job was not given. {told.note}")}
    return {"dataset": repo, "dataset_name": source["repo"], "dataset_commit": source["commit"]}


def _text(name: str, value: str) -> str:
    column = cast("models.CharField[str, str]", EvaluationResult._meta.get_field(name))
    return storable(value)[: column.max_length]


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
