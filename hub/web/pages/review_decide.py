"""What the viewer may do on a review: decide on a domain, or take a step of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance import states
from hub.governance.selectors.review_screen import Screen
from hub.governance.states import Who

CANNED = (
    "Not for decisions about single people without a human who can overrule it.",
    "Name the training data and the licence wherever its output is shown.",
    "For research and internal use only.",
    "Measure the error of each group on your own data before you use it.",
    "Pull by commit, not by branch.",
)


@dataclass(frozen=True)
class Answer:
    """One of the four answers; `key` chooses it."""

    value: str
    label: str
    key: str
    is_chosen: bool


@dataclass(frozen=True)
class DomainChoice:
    value: str
    label: str
    state: str
    is_chosen: bool


@dataclass(frozen=True)
class Box:
    """The decision box. `refusal` says why the viewer sees no form in it."""

    domains: tuple[DomainChoice, ...]
    answers: tuple[Answer, ...]
    canned: tuple[tuple[str, bool], ...]
    has_canned: bool
    conditions: str
    purposes: str
    reason: str
    binding: str
    binding_short: str
    people: str
    refusal: str


@dataclass(frozen=True)
class Deed:
    """A step of the whole review that the viewer may take. `asks` labels the text that it takes; none: no text."""

    action: str
    label: str
    tone: str
    about: str
    asks: str = ""
    is_required: bool = True
    has_code: bool = False


_ANSWERS = (
    ("approved", "Approve", "a"),
    ("conditional", "Approve with conditions", "c"),
    ("changes-requested", "Ask for changes", "x"),
    ("rejected", "Reject", "r"),
)
# By the event of the step in the table of states.
_DEEDS = {
    "review.submit": Deed(
        "submit",
        "Put it up for review",
        "primary",
        "Reviewers of the five domains are told, and look at exactly this revision.",
        "A word to them, if you like",
        is_required=False,
    ),
    "review.renew": Deed(
        "renew", "Put it up again", "primary", "Its approval ended; every decision is asked anew.", "A word", False
    ),
    "review.resume": Deed(
        "resume", "Take it up again", "", "It goes back to where it can be put up for review.", "Reason", False
    ),
    "review.answer": Deed("answer", "Answer", "primary", "It goes back to its reviewers.", "Your answer"),
    "review.ask": Deed("ask", "Ask for more", "", "Its uploader is told, and answers here.", "What is missing"),
    "review.withdraw": Deed("withdraw", "Withdraw it", "", "It leaves the desk; it can come back.", "Reason", False),
    "review.suspend": Deed(
        "suspend", "Suspend it", "danger", "Pulls that need an approval stop at once.", "Reason", has_code=True
    ),
    "review.reinstate": Deed("reinstate", "Reinstate it", "primary", "The approval holds again.", "Evidence"),
    "review.reopen": Deed("reopen", "Open the review again", "", "Its open domains go back to the desk.", "Reason"),
    "review.retire": Deed("retire", "Retire it", "danger", "Nobody should begin with it any more.", "Reason"),
    "review.reject": Deed("reject", "Reject it", "danger", "For good: its files stay where they are.", "Reason"),
    "review.revoke": Deed(
        "revoke",
        "Revoke it",
        "danger",
        "For good, and only when a second administrator does the same. What was made from it is looked at again.",
        "Reason",
    ),
}
_BY_SYSTEM = frozenset({"in-review:review.reject"})


def box(screen: Screen, asked: Mapping[str, Any]) -> Box:
    """`asked` are the address's query, or what was filled in before something was wrong with it."""
    domains = _domains(screen, str(asked.get("domain", "")))
    chosen = asked.getlist("canned") if hasattr(asked, "getlist") else ()
    return Box(
        domains=domains,
        answers=tuple(Answer(*each, is_chosen=asked.get("state") == each[0]) for each in _ANSWERS),
        canned=tuple((text, text in chosen) for text in CANNED),
        has_canned=bool(chosen),
        conditions=str(asked.get("conditions", "")),
        purposes=str(asked.get("purposes", "")),
        reason=str(asked.get("text", "")) if asked.get("action") == "decide" else "",
        binding=screen.picture.binding.sha256,
        binding_short=screen.picture.binding.short,
        people=_people(screen),
        refusal=_refusal(screen),
    )


def deeds(screen: Screen, *, may_write: bool, is_admin: bool) -> tuple[Deed, ...]:
    """In the order of the table of states, each once."""
    revision = screen.revision
    roles = {
        Who.UPLOADER: may_write,
        Who.REVIEWER: bool(screen.domains),
        Who.TWO_ADMINS: is_admin,
    }
    found: dict[str, Deed] = {}
    for step in states.REVISION_STEPS:
        is_ours = any(roles.get(who) for who in step.who)
        is_hidden = f"{step.before}:{step.event}" in _BY_SYSTEM
        if step.before == revision.state and is_ours and not is_hidden and step.event in _DEEDS:
            found.setdefault(step.event, _DEEDS[step.event])
    return tuple(found.values())


def _domains(screen: Screen, chosen: str) -> tuple[DomainChoice, ...]:
    """Those that the viewer may decide; chosen is the one asked for, else the first that is open."""
    mine = [each for each in screen.picture.domains if each.may_decide]
    names = [each.domain for each in mine]
    first_open = next((each.domain for each in mine if each.state not in states.CLOSED), names[0] if names else "")
    now = chosen if chosen in names else first_open
    return tuple(DomainChoice(each.domain, each.label, each.state_label.lower(), each.domain == now) for each in mine)


def _people(screen: Screen) -> str:
    """How many have to decide at this tier, and who has."""
    tier = screen.revision.tier
    if not tier:
        return "How many have to decide follows from the tier, which is not set yet."
    people = {each.by for each in screen.decisions if each.domain and each.by != "system" and each.state in _DECIDED}
    names = f" So far: {', '.join(sorted(people))}." if people else " So far: nobody."
    if tier <= 2:
        return f"Tier {tier}: one reviewer is enough.{names}"
    owner = "" if tier == 3 else " Then its owner signs off."
    return f"Tier {tier}: two different people, licence and bias by different ones.{owner}{names}"


_DECIDED = frozenset(str(state) for state in states.DECIDED)


def _refusal(screen: Screen) -> str:
    """Why the viewer sees no form: the states' reason first, then what keeps them from each domain they review."""
    standings = screen.picture.domains
    if any(each.may_decide for each in standings):
        return ""
    if not screen.domains:
        return "Only reviewers decide here."
    if screen.revision.state != "in-review":
        return "Decisions are taken while it is in review."
    return next((each.refusal for each in standings if each.domain in screen.domains and each.refusal), "")
