"""Jobs in the background: what follows from a result."""

from hub.core.tasks import task
from hub.jobs.services import following


@task("jobs.result_made")
def result_made(*, job: int) -> None:
    """Before: a job's numbers are on record. After: governance knows of suites, findings and data."""
    following.result_made(job_id=job)


@task("jobs.follow_missing")
def follow_missing() -> None:
    """Before: jobs succeeded and governance never heard of it (the broker lost a task). After: it is told."""
    following.follow_missing(limit=100)
