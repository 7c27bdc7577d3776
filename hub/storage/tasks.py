"""The storage's housekeeping, each run bounded."""

import logging

from django.conf import settings

from hub.core import clock
from hub.core.tasks import task
from hub.storage import services

logger = logging.getLogger(__name__)

_ITEMS_PER_RUN = 10_000


@task("storage.scrub")
def scrub() -> None:
    """Before: some contents were not read back for SCRUB_EVERY_DAYS. After: a share was; what is bad is logged."""
    report = services.scrub(limit_bytes=services.scrub_share(), older_than_days=settings.SCRUB_EVERY_DAYS)
    for finding in report.findings:
        logger.error("%s %s is %s; contents: %s", finding.sort, finding.name, finding.condition, finding.blobs)


@task("storage.collect_garbage")
def collect_garbage() -> None:
    """Before: contents and uploads that nobody needs. After: up to 10,000 of them are gone.

    Files that no row knows are searched for in one slice of 256 a run, so all are seen in eleven days.
    """
    hours = int(clock.now().timestamp() // 3600)
    report = services.collect_garbage(dry_run=False, limit=_ITEMS_PER_RUN, slice_of=f"{hours % 256:02x}")
    if report.items:
        logger.info("Garbage: freed %d items, %d bytes.", len(report.items), report.bytes)
