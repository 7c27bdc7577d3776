"""Governance in the background: examine what was pushed, follow what changes."""

import logging

from hub.core.tasks import task
from hub.governance.models import Decision, Revision
from hub.governance.services import access, examination, findings, licences, reviews, scans, signatures

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


@task("governance.repo_changed")
def repo_changed(*, repo: int) -> None:
    """Before: a repository has another name, owner or visibility. After: its head, every approved revision of it and
    what was made from it are judged as they are called and shown now."""
    examination.repo_changed(repo)


@task("governance.licence_spread")
def licence_spread(*, repo: int) -> None:
    """Before: a repository's licence record changed. After: what was made from it is judged by the new one."""
    licences.spread(repo)


@task("governance.licence_changed")
def licence_changed(*, licence: str) -> None:
    """Before: an administrator changed a licence's row. After: all that it reaches is judged by the new one."""
    count = licences.follow_table(licence)
    logger.info("%d revisions were judged by the changed licence %s.", count, licence)


@task("governance.scan")
def scan(*, revision: int) -> None:
    """Before: a revision that was scanned by older rules, or not to its end. After: by the rules of today."""
    if found := Revision.objects.select_related("repo__owner").filter(pk=revision).first():
        scans.examine(found)


@task("governance.rescan_outdated")
def rescan_outdated() -> None:
    """Before: revisions that were scanned by older rules or scanners. After: up to 1,000 of them are enqueued."""
    if count := scans.rescan_outdated(limit=_AT_ONCE):
        logger.info("%d revisions are scanned again by new rules.", count)


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


@task("governance.finding_inherited")
def finding_inherited(*, repo: int, what: str) -> None:
    """Before: a finding of a repository changed. After: what was made from it shows that, and its review follows."""
    findings.inherited(repo_id=repo, what=what)


@task("governance.sign_decision")
def sign_decision(*, decision: int) -> None:
    """Before: a decision was made. After: the hub's signed statement of it is there."""
    if found := Decision.objects.select_related("revision__repo__owner").filter(pk=decision).first():
        signatures.sign_decision(found)


@task("governance.end_access")
def end_access() -> None:
    """Before: access that was given for a time which is over. After: it has ended, and its reader is told."""
    if count := access.end_expired():
        logger.info("Access to gated repositories ran out: %d.", count)
