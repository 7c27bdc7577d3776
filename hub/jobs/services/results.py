"""What a job measured, written down."""

from hub.jobs.models import EvaluationResult, Job
from workers.contract import JobResult, Measured


def write(*, job: Job, result: JobResult) -> int:
    """Inside the transaction in which the job succeeds: a row for each number, of the model at its commit. How many."""
    repo = job.out_repo if job.result_commit else job.base
    commit = job.result_commit or job.base_commit
    if repo is None or not commit:
        return 0
    rows = [_row(job, result, each) for each in result.measured]
    for row in rows:
        row.repo, row.commit = repo, commit
    return len(EvaluationResult.objects.bulk_create(rows, batch_size=500))


def _row(job: Job, result: JobResult, told: Measured) -> EvaluationResult:
    return EvaluationResult(
        job=job,
        job_id_text=job.public_id,
        dataset_name=told.dataset,
        dataset_commit=told.dataset_commit,
        dataset_config=told.dataset_config,
        split=told.split,
        task=told.task,
        suite=told.suite,
        suite_version=told.suite_version,
        recipe=job.recipe,
        recipe_version=str(job.spec.get("recipe_version", "")),
        metric=told.metric,
        value=told.value,
        low=told.low,
        high=told.high,
        n=told.n,
        slice=told.slice,
        slice_key=",".join(f"{axis}={value}" for axis, value in sorted(told.slice.items()))[:300],
        higher_is_better=told.higher_is_better,
        unit=told.unit,
        seed=told.seed,
        method=told.method[:200],
        note=told.note[:300],
        environment=result.environment,
        predictions_sha256=result.predictions_sha256,
    )
