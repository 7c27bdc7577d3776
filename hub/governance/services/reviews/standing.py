"""What happens to an approval later: suspended, reinstated, reopened, renewed, retired, revoked."""

import datetime as dt

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_write
from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.errors import TransitionRefused
from hub.governance.models import Decision, DomainReview, DomainState, Revision, State
from hub.governance.permissions import check_governor, domains_of
from hub.governance.selectors import reviews
from hub.governance.services.reviews.finishing import supersede
from hub.governance.services.reviews.guards import Attempt, is_conditional
from hub.governance.services.reviews.submission import check_reads_and_reviews
from hub.governance.services.reviews.transitions import SYSTEM, decided, lock, log, move, move_domain, note
from hub.governance.states import CLOSED, DECIDED, Who

# Why a revision is suspended; what the code says on screen.
REASONS = {
    "malicious-file": "A file is malicious",
    "security": "A security problem",
    "licence": "A licence problem",
    "data": "A problem with the training data",
    "bias": "A bias finding",
    "upstream": "Something upstream was revoked",
    "legal": "A legal claim",
    "other": "Another reason",
}
# An administrator's word to revoke holds so long for a second one to join.
REVOKE_WITHIN = dt.timedelta(days=14)


def suspend(*, by: Viewer, revision: Revision, code: str, reason: str) -> Revision:
    """Any reviewer stops pulls that ask for an approval, at once. Raises `InvalidInput` for another `code`."""
    check_reads_and_reviews(by, revision)
    if code not in REASONS:
        raise InvalidInput(f"{code[:40]!r} is no reason code. Use {', '.join(REASONS)}.")
    if not reason.strip():
        raise TransitionRefused("Give a reason: it is what the next reader has.")
    attempt = Attempt(by.name, by, f"{REASONS[code]}: {reason.strip()}")
    with write_transaction():
        lock(revision)
        move(revision, State.SUSPENDED, who=Who.REVIEWER, attempt=attempt, reason=attempt.reason)
    return revision


def suspend_by_system(revision: Revision, reason: str) -> None:
    """The same, because of evidence. Inside the caller's transaction."""
    move(revision, State.SUSPENDED, who=Who.SYSTEM, attempt=Attempt(SYSTEM, reason=reason), reason=reason)


def reinstate(*, by: Viewer, revision: Revision, reason: str, binding: str) -> Revision:
    """The approval holds again, on the same evidence: `binding` is the digest shown, `reason` names the evidence.

    At tier 3 and 4 by somebody other than who suspended it. Raises `SeparationOfDuties`, `BindingChanged`,
    `TransitionRefused`.
    """
    check_reads_and_reviews(by, revision)
    attempt = Attempt(by.name, by, reason, binding)
    after = State.CONDITIONAL if is_conditional(revision) else State.APPROVED
    with write_transaction():
        lock(revision)
        move(revision, after, who=Who.REVIEWER, attempt=attempt, reason="")
        supersede(revision)
    return revision


def reopen_review(*, by: Viewer, revision: Revision, reason: str) -> Revision:
    """What is suspended is reviewed again. Domains whose state holds stay closed; where all do, a person decides each
    of them anew, so that nothing is approved again by itself."""
    check_reads_and_reviews(by, revision)
    with write_transaction():
        lock(revision)
        attempt = Attempt(by.name, by, reason)
        move(revision, State.IN_REVIEW, who=Who.REVIEWER, attempt=attempt, reason=reason, submitted_at=clock.now())
        if not DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED).exists():
            _reopen_decided(revision, attempt)
    return revision


def renew(*, by: Viewer, revision: Revision, reason: str = "") -> Revision:
    """What expired is reviewed again, every decision of a person anew."""
    is_reviewer = bool(domains_of(by))
    if is_reviewer:
        check_reads_and_reviews(by, revision)
    else:
        check_write(by, revision.repo)
    attempt = Attempt(by.name, by, reason)
    who = Who.REVIEWER if is_reviewer else Who.UPLOADER
    with write_transaction():
        lock(revision)
        move(revision, State.IN_REVIEW, who=who, attempt=attempt, reason="", submitted_at=clock.now())
        _reopen_decided(revision, attempt)
    return revision


def _reopen_decided(revision: Revision, attempt: Attempt) -> None:
    rows = DomainReview.objects.filter(revision=revision, state__in=DECIDED)
    for domain in list(rows.values_list("domain", flat=True)):
        move_domain(revision, DomainState.STALE, who=Who.SYSTEM, attempt=attempt.about(domain))


def retire(*, by: Viewer, revision: Revision, reason: str) -> Revision:
    """The owner takes an approved revision out of service."""
    check_write(by, revision.repo)
    with write_transaction():
        lock(revision)
        move(revision, State.RETIRED, who=Who.UPLOADER, attempt=Attempt(by.name, by, reason), reason=reason)
    return revision


def revoke(*, by: Viewer, revision: Revision, reason: str) -> Revision:
    """Withdraw it for good: takes two administrators. The first call asks, the second one by somebody else does it.

    The state of what comes back says which it was. What was made from it is reviewed again where that touches it.
    """
    check_governor(by, "revoke a revision")
    attempt = Attempt(by.name, by, reason.strip())
    if not attempt.reason:
        raise TransitionRefused("Give a reason: it is what the next reader has.")
    with write_transaction():
        lock(revision)
        if reviews.revocation_asked_by(revision, besides=by.name, since=clock.now() - REVOKE_WITHIN):
            move(revision, State.REVOKED, who=Who.TWO_ADMINS, attempt=attempt, reason=reason)
            tell_children(revision, "it was revoked")
        else:
            note(revision, "revoke-asked", attempt)
            log(revision, "review.revoke-asked", attempt)
    return revision


def tell_children(revision: Revision, what: str) -> None:
    """What was made from it is reviewed again, soon after this transaction."""
    at = {"repo": revision.repo_id, "commit": revision.commit}
    name = "What it was made from" if revision.repo.is_private else f"{revision.repo.full_name}, upstream"
    enqueue("governance.upstream_changed", **at, by=SYSTEM, what=f"{name}: {what}.")


def quarantine(revision: Revision, reason: str) -> None:
    """A file is bad: the review stops until it is replaced, or the scanners think otherwise. In a transaction."""
    move(revision, State.QUARANTINED, who=Who.SYSTEM, attempt=Attempt(SYSTEM, reason=reason), reason=reason)


def reject_quarantined(*, by: Viewer, revision: Revision, reason: str) -> Revision:
    """A reviewer of security confirms what the scanners said."""
    check_reads_and_reviews(by, revision, "security")
    attempt = Attempt(by.name, by, reason)
    with write_transaction():
        lock(revision)
        move(revision, State.REJECTED, who=Who.REVIEWER, attempt=attempt, reason=reason)
    return revision


def carried(revision: Revision, decision: Decision, binding: str, evidence: dict[str, object]) -> Decision:
    """Write down that an earlier decision holds here too. Inside the caller's transaction."""
    reason = f"Carried over from {decision.revision.commit[:12]}: {evidence['shown']}"
    attempt = Attempt(SYSTEM, reason=reason, domain=decision.domain, evidence=True)
    if decision.domain:
        move_domain(revision, decision.state, who=Who.SYSTEM, attempt=attempt, is_carried=True)
    return decided(
        revision,
        decision.state,
        attempt,
        conditions=decision.conditions,
        binding=binding,
        evidence=evidence,
        carried_from=decision,
    )
