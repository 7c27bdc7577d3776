"""Jobs in the background: ring for them, and see that none is left half way."""

import logging

from hub.core.tasks import task
from hub.jobs.services import finishing, following, leases, ringing, tidying

logger = logging.getLogger(__name__)


@task("jobs.ring")
def ring(*, job: str) -> None:
    """Before: a job was queued. After: the workers of its device class were told; its state is the same."""
    ringing.ring(job)


@task("jobs.tend")
def tend() -> None:
    """Before: leases may have ended, results may be half taken, bells may be lost. After: no job waits for any of it,
    and branches and checkpoints that nobody will go on from are gone."""
    if count := leases.expire_leases():
        logger.warning("%d jobs were taken back from workers that are no longer heard.", count)
    if count := finishing.complete_taken():
        logger.info("%d jobs whose results were taken have succeeded now.", count)
    ringing.ring_again()
    tidying.tidy_left()
    tidying.drop_old_checkpoints()


@task("jobs.tidy")
def tidy(*, job: str) -> None:
    """Before: a job is over. After: the branches of its attempts are gone, but for one that alone has its result."""
    tidying.tidy(job)


@task("jobs.result_made")
def result_made(*, job: int) -> None:
    """Before: a job's numbers are on record. After: governance knows of suites, findings and data."""
    following.result_made(job_id=job)


@task("jobs.follow_missing")
def follow_missing() -> None:
    """Before: jobs succeeded and governance never heard of it (the broker lost a task). After: it is told."""
    following.follow_missing(limit=100)
