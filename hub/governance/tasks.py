"""Governance in the background: examine what was pushed, follow what changes."""

import logging

from hub.core.tasks import task
from hub.governance.services import access, examination

_AT_ONCE = 1_000

logger = logging.getLogger(__name__)


@task("governance.revision_made")
def revision_made(*, repo: int, commit: str, by: str) -> None:
    """Before: main moved to a commit. After: its governance record is there, its examination on the way."""
    examination.made(repo_id=repo, commit=commit, by=by)


@task("governance.examine")
def examine(*, revision: int) -> None:
    """Before: a revision with a record. After: its licence is read, its files are scanned, its review can begin."""
    examination.examine(revision)


@task("governance.examine_missing")
def examine_missing() -> None:
    """Before: revisions that no examination finished (a worker ended, an older hub). After: they are enqueued."""
    if count := examination.examine_missing(limit=_AT_ONCE):
        logger.info("%d revisions wait for their examination.", count)


@task("governance.end_access")
def end_access() -> None:
    """Before: access that was given for a time which is over. After: it has ended, and its reader is told."""
    if count := access.end_expired():
        logger.info("Access to gated repositories ran out: %d.", count)
