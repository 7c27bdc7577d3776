"""Governance in the background: examine what was pushed, follow what changes."""

import logging

from hub.core.tasks import task
from hub.governance.models import Decision
from hub.governance.services import examination, signatures

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


@task("governance.sign_decision")
def sign_decision(*, decision: int) -> None:
    """Before: a decision was made. After: the hub's signed statement of it is there."""
    if found := Decision.objects.select_related("revision__repo__owner").filter(pk=decision).first():
        signatures.sign_decision(found)
