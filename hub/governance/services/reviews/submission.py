"""What comes before a decision: submit, assign, set the tier, ask, answer, comment, withdraw."""

from hub.accounts.models import AccessToken, User
from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read, check_write
from hub.core import clock
from hub.core.errors import InvalidInput, NotSignedIn
from hub.core.transactions import write_transaction
from hub.governance.changes import Kind, effects
from hub.governance.errors import NotAReviewer, SeparationOfDuties, TransitionRefused
from hub.governance.models import DomainReview, DomainState, Reviewer, ReviewEvent, Revision, State
from hub.governance.permissions import check_reviewer, domains_of
from hub.governance.selectors import reviews
from hub.governance.services.reviews.finishing import apply, finish, rebind_tier
from hub.governance.services.reviews.guards import Attempt
from hub.governance.services.reviews.transitions import lock, log, move, move_domain, note, tell
from hub.governance.states import Who

TIERS = (1, 2, 3, 4)
_BEFORE_DECISION = (State.SCANNING, State.INTAKE, State.NEEDS_INFO, State.IN_REVIEW)
MAX_TEXT = 20_000


def submit(*, by: Viewer, revision: Revision, message: str = "") -> Revision:
    """The owner asks for a review. Raises what `check_write` does, `TransitionRefused` with what is missing."""
    check_write(by, revision.repo)
    attempt = Attempt(by.name, by, message)
    with write_transaction():
        lock(revision)
        move(revision, State.IN_REVIEW, who=Who.UPLOADER, attempt=attempt, submitted_at=clock.now())
        finish(revision)
    return revision


def withdraw(*, by: Viewer, revision: Revision, reason: str = "") -> Revision:
    """The owner takes the request back."""
    return _by_owner(by, revision, State.WITHDRAWN, reason)


def resume(*, by: Viewer, revision: Revision, reason: str = "") -> Revision:
    """What was withdrawn can be submitted again."""
    return _by_owner(by, revision, State.INTAKE, reason)


def ask(*, by: Viewer, revision: Revision, question: str) -> Revision:
    """A reviewer wants to know something before they go on."""
    check_reads_and_reviews(by, revision)
    with write_transaction():
        lock(revision)
        move(revision, State.NEEDS_INFO, who=Who.REVIEWER, attempt=Attempt(by.name, by, question), reason=question)
    return revision


def answer_info(*, by: Viewer, revision: Revision, answer: str) -> Revision:
    """The owner answers, and the review goes on. Domains with changes requested are open again."""
    check_write(by, revision.repo)
    attempt = Attempt(by.name, by, answer)
    with write_transaction():
        lock(revision)
        submitted_at = revision.submitted_at or clock.now()
        move(revision, State.IN_REVIEW, who=Who.UPLOADER, attempt=attempt, reason="", submitted_at=submitted_at)
        rows = DomainReview.objects.filter(revision=revision, state=DomainState.CHANGES_REQUESTED)
        for domain in list(rows.values_list("domain", flat=True)):
            move_domain(revision, DomainState.PENDING, who=Who.SYSTEM, attempt=attempt.about(domain))
    return revision


def comment(*, by: Viewer, revision: Revision, text: str) -> ReviewEvent:
    """Whoever sees the repository and is signed in may say something; it moves nothing."""
    check_read(by, revision.repo)
    if by.user is None:
        raise NotSignedIn("Sign in to comment on a review.")
    if not by.scope_includes(AccessToken.Scope.WRITE):
        raise NotAReviewer("Your token may only read. To comment takes one with the scope write.")
    said = text.strip()
    if not said or len(said) > MAX_TEXT:
        raise InvalidInput(f"A comment has from 1 to {MAX_TEXT:,} characters.")
    attempt = Attempt(by.name, by, said)
    with write_transaction():
        event = note(revision, "comment", attempt)
        log(revision, "review.comment", attempt)
    return event


def assign(*, by: Viewer, revision: Revision, to: User | None) -> Revision:
    """A reviewer takes it, or gives it to another one; None: nobody's."""
    check_reads_and_reviews(by, revision)
    if to is not None and not to.is_superuser and not Reviewer.objects.filter(user=to).exists():
        raise NotAReviewer(f"{to.username} reviews nothing. An administrator can make them a reviewer.")
    attempt = Attempt(by.name, by, to.username if to else "")
    with write_transaction():
        Revision.objects.filter(pk=revision.pk).update(assigned_to=to)
        revision.assigned_to = to
        note(revision, "assign", attempt)
        if to is not None and to.username != by.name:
            tell(revision, "assigned", by=by.name, only=to.username)
        log(revision, "review.assign", attempt, to=to.username if to else "")
    return revision


def set_tier(*, by: Viewer, revision: Revision, tier: int, reason: str = "") -> Revision:
    """How much is at stake. The owner sets it before the review begins, a reviewer until it is decided.

    Raised during the review, it reopens what a wider use does. Nobody lowers what they brought once it is reviewed.
    Raises `InvalidInput`, `SeparationOfDuties`, `TransitionRefused`.
    """
    is_reviewer = bool(domains_of(by))
    check_read(by, revision.repo) if is_reviewer else check_write(by, revision.repo)
    if tier not in TIERS:
        raise InvalidInput("A tier is 1 (experiment), 2 (internal tool), 3 (customer-facing) or 4 (consequential).")
    allowed = _BEFORE_DECISION if is_reviewer else _BEFORE_DECISION[:3]
    if revision.state not in allowed:
        raise TransitionRefused(f"The tier can't be changed while the review is “{State(revision.state).label}”.")
    if revision.tier is not None and tier < revision.tier:
        _check_lowers(by, revision, is_reviewer=is_reviewer)
    attempt = Attempt(by.name, by, reason)
    before, is_raised = revision.tier, revision.tier is not None and tier > revision.tier
    with write_transaction():
        lock(revision)
        Revision.objects.filter(pk=revision.pk).update(tier=tier)
        revision.tier = tier
        if is_raised:
            apply(revision, effects([Kind.USE_WIDENED]), attempt)
        rebind_tier(revision)
        note(revision, "tier", attempt)
        log(revision, "review.tier", attempt, before=before, after=tier)
    return revision


def check_reads_and_reviews(by: Viewer, revision: Revision, domain: str | None = None) -> None:
    """Raises `RepoNotFound` for whom the repository isn't there, else what `check_reviewer` does."""
    check_read(by, revision.repo)
    check_reviewer(by, domain)


def _check_lowers(by: Viewer, revision: Revision, *, is_reviewer: bool) -> None:
    is_decided = bool(reviews.holding_decisions(revision))
    if (is_decided or revision.state == State.IN_REVIEW) and by.name in reviews.authors_of(revision):
        raise SeparationOfDuties("You brought this revision: somebody else must lower its tier.")
    if is_decided and not is_reviewer:
        raise TransitionRefused("Somebody decided at this tier already. A reviewer can lower it.")


def _by_owner(by: Viewer, revision: Revision, after: State, reason: str) -> Revision:
    check_write(by, revision.repo)
    with write_transaction():
        lock(revision)
        move(revision, after, who=Who.UPLOADER, attempt=Attempt(by.name, by, reason), reason=reason)
    return revision
