"""Governance in the background: examine what was pushed, follow what changes."""

import logging

from hub.core.tasks import task
from hub.governance.services import examination, reviews

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


@task("governance.evidence_changed")
def evidence_changed(*, revision: int, by: str, what: str) -> None:
    """Before: something that a review rests on changed. After: the domains that it touches are open again."""
    reviews.evidence_changed(revision_id=revision, by=by, what=what)


@task("governance.upstream_changed")
def upstream_changed(*, repo: int, commit: str, by: str, what: str) -> None:
    """Before: a commit was revoked, or its licence changed. After: what was made from it is reviewed again."""
    if count := reviews.upstream_changed(repo_id=repo, commit=commit, by=by, what=what):
        logger.info("%d revisions are reviewed again, as %s.", count, what)


@task("governance.follow_terms")
def follow_terms() -> None:
    """Before: time went by. After: approvals at their end have expired, waived domains without a waiver are open,
    whoever should know that an approval ends soon was told, and reviews are bound to the policy of today."""
    reviews.follow_policy(limit=_AT_ONCE)
    ended, lapsed, told = reviews.expire(limit=_AT_ONCE), reviews.lapse_waivers(), reviews.remind(limit=_AT_ONCE)
    if ended or lapsed or told:
        logger.info("%d approvals expired, %d waivers lapsed, %d reminders went out.", ended, lapsed, told)
