"""Governance in the background: examine what was pushed, follow what changes."""

import logging

from hub.core.tasks import task
from hub.governance.services import examination, findings

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


@task("governance.finding_inherited")
def finding_inherited(*, repo: int, what: str) -> None:
    """Before: a finding of a repository changed. After: what was made from it shows that, and its review follows."""
    findings.inherited(repo_id=repo, what=what)
