"""Change plans: proposed by one person, approved by another, followed by the examination of later revisions."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read, check_write
from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.transactions import write_transaction
from hub.governance.envelopes import checked
from hub.governance.errors import SeparationOfDuties, TransitionRefused
from hub.governance.models import ChangePlan, Domain, Revision, State
from hub.governance.permissions import check_reviewer, domains_of
from hub.governance.selectors import reviews
from hub.governance.services.reviews.guards import Attempt
from hub.governance.services.reviews.transitions import log, note

MAX_DAYS = 365
# A plan stands in for a look at bias: who approves it must be one who may look.
DOMAIN = Domain.BIAS
_APPROVED = (State.APPROVED, State.CONDITIONAL)


def propose_plan(
    *, by: Viewer, revision: Revision, title: str, envelope: Mapping[str, Any], days: int = 180
) -> ChangePlan:
    """The owner, or a reviewer, proposes what may change without a new review. The revision must be approved.

    Raises what `check_write` does, `InvalidInput`, `TransitionRefused`.
    """
    if domains_of(by):
        check_read(by, revision.repo)
    else:
        check_write(by, revision.repo)
    if not 1 <= days <= MAX_DAYS or not 0 < len(title.strip()) <= 200:
        raise InvalidInput(f"A plan has a title of up to 200 characters, and holds for 1 to {MAX_DAYS} days.")
    full = checked(envelope)
    _check_approved(revision)
    attempt = Attempt(by.name, by, title.strip())
    ends = clock.now() + dt.timedelta(days=days)
    with write_transaction():
        plan = ChangePlan.objects.create(
            revision=revision, title=title.strip(), envelope=full, proposed_by=by.name, expires_at=ends
        )
        note(revision, "plan", attempt)
        log(revision, "plan.propose", attempt, plan=plan.pk, envelope=full)
    return plan


def approve_plan(*, by: Viewer, plan: ChangePlan, reason: str) -> ChangePlan:
    """A reviewer of bias who neither proposed it nor made the revision lets it hold. Raises `SeparationOfDuties`."""
    revision = plan.revision
    check_read(by, revision.repo)
    check_reviewer(by, DOMAIN)
    if by.name == plan.proposed_by or by.name in reviews.authors_of(revision):
        raise SeparationOfDuties("You proposed this plan or made the revision: somebody else must approve it.")
    _check_approved(revision)
    attempt = Attempt(by.name, by, reason.strip())
    if not attempt.reason:
        raise InvalidInput("Give a reason: it is what the next reader has.")
    with write_transaction():
        open_ = ChangePlan.objects.filter(pk=plan.pk, approved_at=None, ended_at=None)
        if not open_.update(approved_by=by.name, approved_at=clock.now()):
            raise TransitionRefused("This plan is approved already, or has ended.")
        note(revision, "plan", attempt)
        log(revision, "plan.approve", attempt, plan=plan.pk)
    plan.refresh_from_db()
    return plan


def end_plan(*, by: Viewer, plan: ChangePlan, reason: str = "") -> ChangePlan:
    """Its proposer, the owner or any reviewer ends it. What was approved by it stays."""
    revision = plan.revision
    check_read(by, revision.repo)
    if not domains_of(by) and by.name != plan.proposed_by:
        check_write(by, revision.repo)
    attempt = Attempt(by.name, by, reason.strip())
    with write_transaction():
        if not ChangePlan.objects.filter(pk=plan.pk, ended_at=None).update(ended_at=clock.now()):
            raise TransitionRefused("This plan has ended already.")
        note(revision, "plan", attempt)
        log(revision, "plan.end", attempt, plan=plan.pk)
    plan.refresh_from_db()
    return plan


def _check_approved(revision: Revision) -> None:
    if revision.state not in _APPROVED:
        raise TransitionRefused("A plan goes out from an approved revision: its decisions are what it stretches.")
