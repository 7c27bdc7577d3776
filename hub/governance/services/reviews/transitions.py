"""The one way in which a state changes: a step of the tables, its guards, a conditional update, an event, the log.

All inside the caller's write transaction.
"""

from collections.abc import Iterable
from typing import Any

from hub.audit.services import record
from hub.catalog.models import MAIN, Ref, Repo, ReviewState
from hub.catalog.services.events import changed
from hub.catalog.services.records import subject_of
from hub.core import clock
from hub.core.tasks import enqueue
from hub.governance.errors import TransitionRefused
from hub.governance.models import Decision, DomainReview, ReviewEvent, Revision, State
from hub.governance.services.reviews.guards import Attempt, check
from hub.governance.states import Who, domain_step, revision_step

SYSTEM = "system"
# What a list says of main's head. What isn't here hasn't been reviewed.
_SHOWN = {
    State.NEEDS_INFO: ReviewState.IN_REVIEW,
    State.IN_REVIEW: ReviewState.IN_REVIEW,
    State.APPROVED: ReviewState.APPROVED,
    State.CONDITIONAL: ReviewState.CONDITIONAL,
    State.REJECTED: ReviewState.REJECTED,
    State.SUSPENDED: ReviewState.SUSPENDED,
    State.EXPIRED: ReviewState.EXPIRED,
    State.REVOKED: ReviewState.REVOKED,
    State.QUARANTINED: ReviewState.QUARANTINED,
}
_TOLD = {
    State.APPROVED: "decided",
    State.CONDITIONAL: "decided",
    State.REJECTED: "decided",
    State.NEEDS_INFO: "decided",
    State.SUSPENDED: "suspended",
    State.REVOKED: "suspended",
    State.EXPIRED: "expiring",
}


def lock(revision: Revision) -> None:
    """First of all in a transaction: of two who change a review at once, the second sees what the first did."""
    held = Revision.objects.select_for_update().get(pk=revision.pk)
    if held.state != revision.state or held.tier != revision.tier:
        raise TransitionRefused("Somebody changed this review meanwhile. Load the page again, then go on.")


def move(revision: Revision, after: State, *, who: Who, attempt: Attempt, **fields: Any) -> None:
    """Take the revision to another state, with `fields` set along with it. Raises `TransitionRefused` and what the
    guards raise."""
    before = State(revision.state)
    step = revision_step(before, after, who)
    check(step, revision, attempt)
    if not Revision.objects.filter(pk=revision.pk, state=before).update(state=after, **fields):
        raise TransitionRefused("Somebody changed this review meanwhile. Load the page again, then go on.")
    revision.state = after
    for name, value in fields.items():
        setattr(revision, name, value)
    _note(revision, "transition", attempt, before, after)
    publish(revision.repo_id)
    if kind := _TOLD.get(after):
        tell(revision, kind, by=attempt.by, word=str(after))
    log(revision, step.event, attempt, before=str(before), after=str(after))


def move_domain(
    revision: Revision,
    after: str,
    *,
    who: Who,
    attempt: Attempt,
    before: str = "",
    is_carried: bool = False,
    blocking: Iterable[str] = (),
) -> None:
    """The same for the domain that `attempt` names; with `before` only if it still stands there."""
    row = DomainReview.objects.get(revision=revision, domain=attempt.domain)
    if before and row.state != before:
        raise TransitionRefused("Somebody decided on this domain meanwhile. Load the page again, then go on.")
    step = domain_step(row.state, after, who, is_carried=is_carried)
    check(step, revision, attempt)
    rows = DomainReview.objects.filter(pk=row.pk, state=row.state)
    if not rows.update(state=after, by=attempt.by, at=clock.now(), blocking=list(blocking)):
        raise TransitionRefused("Somebody decided on this domain meanwhile. Load the page again, then go on.")
    _note(revision, "domain", attempt, row.state, after)
    shown = {"binding": attempt.shown} if attempt.shown else {}
    log(revision, step.event, attempt, domain=attempt.domain, before=str(row.state), after=str(after), **shown)


def decided(revision: Revision, state: str, attempt: Attempt, **fields: Any) -> Decision:
    """Write a decision down, on the domain that `attempt` names (none: the owner's sign-off); the hub signs it soon."""
    made = Decision.objects.create(
        revision=revision,
        domain=attempt.domain,
        state=state,
        by=attempt.by,
        reason=attempt.reason,
        at=clock.now(),
        **fields,
    )
    enqueue("governance.sign_decision", decision=made.pk)
    return made


def note(revision: Revision, kind: str, attempt: Attempt) -> ReviewEvent:
    """An event that moves nothing."""
    return _note(revision, kind, attempt, "", "")


def log(revision: Revision, action: str, attempt: Attempt, **detail: Any) -> None:
    """In the audit log, last."""
    told = {"reason": attempt.reason[:1000]} if attempt.reason else {}
    subject = f"{subject_of(revision.repo)}@{revision.commit}"
    record(by=attempt.by or SYSTEM, action=action, subject=subject, **told, **detail)


def publish(repo_id: int) -> None:
    """Write down in the catalog where the review of main's head stands."""
    head = Ref.objects.filter(repo=repo_id, name=MAIN).values("target")[:1]
    state = Revision.objects.filter(repo=repo_id, commit__in=head).values_list("state", flat=True).first()
    shown = _SHOWN.get(State(state), ReviewState.UNREVIEWED) if state else ReviewState.UNREVIEWED
    if Repo.objects.filter(pk=repo_id).exclude(review_state=shown).update(review_state=shown):
        changed(repo_id)


def tell(revision: Revision, kind: str, *, by: str, word: str = "", only: str = "") -> None:
    """Notify: who watches the repository, its owner and the uploader; or one person alone."""
    people = [only] if only else [revision.uploader]
    enqueue("community.review_told", repo=revision.repo_id, kind=kind, by=by, word=word, people=people, only=bool(only))


def _note(revision: Revision, kind: str, attempt: Attempt, before: str, after: str) -> ReviewEvent:
    return ReviewEvent.objects.create(
        revision=revision,
        at=clock.now(),
        by=attempt.by or SYSTEM,
        kind=kind,
        domain=attempt.domain,
        before=str(before),
        after=str(after),
        text=attempt.reason,
    )
