"""Decide on a domain, and sign off as the owner."""

from collections.abc import Callable, Iterable

from hub.accounts.models import AccessToken, Role
from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read
from hub.core.errors import InvalidInput
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.errors import BindingChanged, NotAReviewer, TransitionRefused
from hub.governance.models import Decision, Domain, DomainReview, DomainState, Revision, State
from hub.governance.services.reviews.finishing import collect, finish
from hub.governance.services.reviews.guards import CHECKS, Attempt, check
from hub.governance.services.reviews.submission import check_reads_and_reviews
from hub.governance.services.reviews.transitions import decided, lock, log, move, move_domain
from hub.governance.states import Who, domain_step

_MAX_CONDITIONS = 20
_MAX_CONDITION = 500
_OF_OWNER = ("not_uploader", "not_author", "has_reason", "binding_current")
CHOICES = (
    DomainState.APPROVED,
    DomainState.CONDITIONAL,
    DomainState.CHANGES_REQUESTED,
    DomainState.REJECTED,
    DomainState.WAIVED,
    DomainState.NOT_APPLICABLE,
)


def decide(
    *,
    by: Viewer,
    revision: Revision,
    domain: str,
    state: str,
    reason: str,
    binding: str,
    conditions: Iterable[str] = (),
    purposes: Iterable[str] = (),
) -> Decision:
    """A reviewer's decision on one domain; `state` is one of `CHOICES`, `binding` the digest that they were shown.

    The last one that was missing approves the revision; changes requested ask its owner, a rejection ends it. Raises
    `NotAReviewer`, `SeparationOfDuties`, `BindingChanged` (`detail["parts"]`), `PurposesApart`, `TransitionRefused`,
    `InvalidInput`.
    """
    check_reads_and_reviews(by, revision, _domain(domain))
    told, held = _texts(conditions, "condition"), _texts(purposes, "purpose")
    after = _choice(state, told)
    attempt = Attempt(by.name, by, reason.strip(), binding, domain)
    _check_stands(revision, "decided on")
    before = DomainReview.objects.get(revision=revision, domain=domain).state
    # Once before the transaction, as it is slow; again in it, when everything is read already.
    _check_followed(revision, lambda: check(domain_step(before, after, Who.REVIEWER), revision, attempt))
    blocking = [attempt.reason] if after in (DomainState.CHANGES_REQUESTED, DomainState.REJECTED) else []
    with write_transaction():
        lock(revision)
        move_domain(revision, after, who=Who.REVIEWER, attempt=attempt, before=before, blocking=blocking)
        evidence = {"purposes": list(dict.fromkeys(held))} if held else {}
        made = decided(revision, after, attempt, conditions=told, binding=binding, evidence=evidence)
        collect(revision)
        _conclude(revision, after, attempt)
    return made


def sign_off(*, by: Viewer, revision: Revision, reason: str, binding: str) -> Decision:
    """The owner of the repository (of an organisation: one of its admins) answers for it; tier 4 takes that.

    Raises `NotAReviewer`, `SeparationOfDuties`, `BindingChanged`, `TransitionRefused`.
    """
    check_read(by, revision.repo)
    is_owner = by.role_in(revision.repo.owner_id) == Role.ADMIN
    if by.user is None or not is_owner or not by.scope_includes(AccessToken.Scope.ADMIN):
        raise NotAReviewer(f"Only an admin of {revision.repo.owner.name} may sign off.")
    attempt = Attempt(by.name, by, reason.strip(), binding)
    _check_stands(revision, "signed off")
    _check_followed(revision, lambda: [CHECKS[name](revision, attempt) for name in _OF_OWNER])
    with write_transaction():
        lock(revision)
        made = decided(revision, DomainState.APPROVED, attempt, binding=binding)
        log(revision, "review.sign-off", attempt, binding=binding)
        finish(revision)
    return made


def _conclude(revision: Revision, after: DomainState, attempt: Attempt) -> None:
    if after == DomainState.CHANGES_REQUESTED:
        move(revision, State.NEEDS_INFO, who=Who.REVIEWER, attempt=attempt, reason=attempt.reason)
    elif after == DomainState.REJECTED:
        move(revision, State.REJECTED, who=Who.REVIEWER, attempt=attempt, reason=attempt.reason)
    else:
        finish(revision)


def _check_followed(revision: Revision, checks: Callable[[], object]) -> None:
    """Where evidence changed and the review didn't follow yet, have it follow; the decision is refused all the same."""
    try:
        checks()
    except BindingChanged:
        enqueue("governance.evidence_changed", revision=revision.pk, domains=[], by="", what="The evidence changed.")
        raise


def _check_stands(revision: Revision, deed: str) -> None:
    if revision.state != State.IN_REVIEW:
        label = State(revision.state).label
        raise TransitionRefused(f"The review is “{label}”: only what is “{State.IN_REVIEW.label}” can be {deed}.")


def _domain(domain: str) -> str:
    if domain not in Domain.values:
        raise InvalidInput(f"{domain[:40]!r} is no domain. The domains are {', '.join(Domain.values)}.")
    return domain


def _choice(state: str, conditions: list[str]) -> DomainState:
    if state not in [str(choice) for choice in CHOICES]:
        raise InvalidInput(f"{state[:40]!r} is no decision. Decide {', '.join(CHOICES)}.")
    if (state == DomainState.CONDITIONAL) != bool(conditions):
        raise InvalidInput("An approval with conditions names them, and no other decision has conditions.")
    return DomainState(state)


def _texts(values: Iterable[str], what: str) -> list[str]:
    found = [text.strip() for text in values if text.strip()]
    if len(found) > _MAX_CONDITIONS or any(len(text) > _MAX_CONDITION for text in found):
        raise InvalidInput(f"Up to {_MAX_CONDITIONS} {what}s, each of up to {_MAX_CONDITION} characters.")
    return found
