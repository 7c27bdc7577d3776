"""What a form of the review page does. Each answers in words what was done."""

from collections.abc import Callable
from typing import Any

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.core.errors import InvalidInput
from hub.core.text import digits
from hub.governance.selectors.reviews import revision_of
from hub.governance.services import reviews
from hub.web.pages.repo import Address

Asked = Any  # the sent form, a QueryDict


def act(viewer: Viewer, address: Address, asked: Asked) -> str:
    """Do what the form says. Raises what the services raise, and `InvalidInput` for a form that nobody has."""
    deed = _ACTS.get(asked.get("action", ""))
    if deed is None:
        raise InvalidInput("This form asks for nothing that a review knows. Load the page again.")
    repo = catalog.find_repo(viewer, address.kind, address.owner, address.name)
    commit = catalog.revision_of(repo, address.revision).commit
    return deed(viewer, revision_of(viewer, repo, commit), asked)


def _decide(by: Viewer, revision: Any, asked: Asked) -> str:
    made = reviews.decide(
        by=by,
        revision=revision,
        domain=asked.get("domain", ""),
        state=asked.get("state", ""),
        reason=asked.get("text", ""),
        conditions=[*asked.getlist("canned"), *asked.get("conditions", "").splitlines()],
        purposes=asked.get("purposes", "").splitlines(),
        binding=asked.get("binding", ""),
    )
    return f"{made.get_domain_display()}: {made.get_state_display().lower()}, on record under your name."


def _sign_off(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.sign_off(by=by, revision=revision, reason=asked.get("text", ""), binding=asked.get("binding", ""))
    return "Signed off: the owner answers for it."


def _assign(by: Viewer, revision: Any, asked: Asked) -> str:
    return assign(by, revision, asked.get("to", ""))


def assign(by: Viewer, revision: Any, name: str) -> str:
    """To the person of that name; to nobody without one."""
    reviews.assign(by=by, revision=revision, to=accounts.find_user(name) if name else None)
    of = f"{revision.repo.full_name} {revision.commit[:12]}"
    return f"{of} is assigned to {name}." if name else f"{of} is assigned to nobody."


def _tier(by: Viewer, revision: Any, asked: Asked) -> str:
    tier = digits(asked.get("tier", "")) or 0
    reviews.set_tier(by=by, revision=revision, tier=tier, reason=asked.get("text", ""))
    return f"The tier is {tier} now."


def _submit(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.submit(by=by, revision=revision, message=asked.get("text", ""))
    return "Put up for review: reviewers of its domains are told."


def _comment(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.comment(by=by, revision=revision, text=asked.get("text", ""))
    return "Your comment is on record."


def _ask(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.ask(by=by, revision=revision, question=asked.get("text", ""))
    return "Its uploader is asked."


def _answer(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.answer_info(by=by, revision=revision, answer=asked.get("text", ""))
    return "Answered: it is back with its reviewers."


def _step(deed: Callable[..., Any], done: str) -> Callable[[Viewer, Any, Asked], str]:
    """A step that takes a reason and no more."""

    def take(by: Viewer, revision: Any, asked: Asked) -> str:
        deed(by=by, revision=revision, reason=asked.get("text", ""))
        return done

    return take


def _suspend(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.suspend(by=by, revision=revision, code=asked.get("code", ""), reason=asked.get("text", ""))
    return "Suspended: pulls that need an approval stop."


def _reinstate(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.reinstate(by=by, revision=revision, reason=asked.get("text", ""), binding=asked.get("binding", ""))
    return "Reinstated: the approval holds again."


def _revoke(by: Viewer, revision: Any, asked: Asked) -> str:
    reviews.revoke(by=by, revision=revision, reason=asked.get("text", ""))
    revision.refresh_from_db()
    is_done = revision.state == "revoked"
    return "Revoked, for good." if is_done else "Asked for: a second administrator has to do the same."


_ACTS: dict[str, Callable[[Viewer, Any, Asked], str]] = {
    "decide": _decide,
    "sign-off": _sign_off,
    "assign": _assign,
    "tier": _tier,
    "submit": _submit,
    "comment": _comment,
    "ask": _ask,
    "answer": _answer,
    "withdraw": _step(reviews.withdraw, "Withdrawn. It can come back."),
    "resume": _step(reviews.resume, "Taken up again: complete it, then put it up for review."),
    "renew": _step(reviews.renew, "Put up again: its reviewers are told."),
    "suspend": _suspend,
    "reinstate": _reinstate,
    "reopen": _step(reviews.reopen_review, "Open again: its open domains are back on the desk."),
    "retire": _step(reviews.retire, "Retired."),
    "reject": _step(reviews.reject_quarantined, "Rejected."),
    "revoke": _revoke,
}
