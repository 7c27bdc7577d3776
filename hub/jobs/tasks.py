"""Jobs in the background: ring for them, and see that none is left half way."""

import logging
from collections.abc import Callable

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
    _count("%d jobs were taken back from workers that are no longer heard.", leases.expire_leases)
    _count("%d jobs whose results were taken have succeeded now.", finishing.complete_taken)
    _count("%d jobs were rung for again.", ringing.ring_again)
    _count("%d branches of jobs that are over went.", tidying.tidy_left)
    _count("%d checkpoints of jobs that are over went.", tidying.drop_old_checkpoints)


def _count(told: str, what: Callable[[], int]) -> None:
    """What fails stands in the way of nothing after it."""
    try:
        if count := what():
            logger.info(told, count)
    except Exception:
        logger.exception("Tending jobs: %s failed.", what.__name__)


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
