"""A licence picture in words and rows, for the tab and for the evidence beside a card."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hub.accounts.viewer import Viewer
from hub.catalog.selectors import shelf
from hub.governance.licences.consumer import Consumer
from hub.governance.licences.rules import NAMES
from hub.governance.selectors.licences import LicencePicture, licence_at
from hub.web.pages import links

MAX_LINKS = 100
_VERDICTS = {
    "OK": ("These licences fit each other", "ok"),
    "NEEDS_ATTRIBUTION": ("Credit is missing", "warn"),
    "REVIEW": ("A reviewer must decide", "warn"),
    "CONFLICT": ("A licence isn't met", "bad"),
}
_OUTCOMES = {
    "ALLOW": ("Yes", "ok"),
    "ALLOW_WITH_NOTICE": ("Yes, with notice", "ok"),
    "DENY": ("No", "bad"),
}
_RELATIONS = {
    "finetune": "fine-tuned from",
    "adapter": "adapter for",
    "merge": "merged from",
    "quantized": "quantised from",
    "converted": "converted from",
    "base": "made from",
    "copy": "copied from",
    "source": "data taken from",
    "trained-on": "trained on",
    "outputs": "trained on outputs of",
    "code": "trained with",
}
_LARGE = 1_000_000_000
_WHO = (
    ("Research that isn't commercial", Consumer(is_research=True)),
    ("Any other use that isn't commercial", Consumer(is_research=False)),
    ("Commercial use", Consumer(True, False)),
    ("Commercial use in the EU", Consumer(True, False, region="EU")),
    ("A commercial service over a network", Consumer(True, False, is_service=True)),
    ("Commercial use for medical advice", Consumer(True, False, uses=frozenset("l"))),
    (
        "A large company (a billion users, a billion dollars)",
        Consumer(True, False, monthly_users=_LARGE, revenue_usd=_LARGE),
    ),
)


@dataclass(frozen=True)
class FaultRow:
    """`edge`: names from this one upwards, the one that breaks last."""

    rule: str
    title: str
    verdict: str
    tone: str
    edge: tuple[str, ...]
    clause: str
    mend: str


@dataclass(frozen=True)
class AncestorRow:
    name: str
    url: str
    relation: str
    licence: str
    licence_url: str
    depth: int
    is_broken: bool
    note: str


@dataclass(frozen=True)
class DutyRow:
    text: str
    state: str
    tone: str


@dataclass(frozen=True)
class UserRow:
    who: str
    outcome: str
    tone: str
    why: str


@dataclass(frozen=True)
class LicenceView:
    """`verdict` is empty while nobody examined it."""

    verdict: str
    tone: str
    effective: str
    concluded: str
    concluded_by: str
    concluded_reason: str
    detected: tuple[tuple[str, str], ...]
    contradiction: str
    faults: tuple[FaultRow, ...]
    settled: tuple[FaultRow, ...]
    notes: tuple[FaultRow, ...]
    ancestors: tuple[AncestorRow, ...]
    duties: tuple[DutyRow, ...]
    notice: str
    users: tuple[UserRow, ...]
    accept: tuple[str, ...]


@dataclass(frozen=True)
class Brief:
    """For the evidence beside a card."""

    verdict: str
    tone: str
    effective: str


def view(viewer: Viewer, repo: Any, commit: str) -> LicenceView:
    picture = licence_at(viewer, repo, commit)
    verdict, tone = _VERDICTS.get(picture.verdict, ("", ""))
    faults = [_fault(each) for each in picture.faults]
    return LicenceView(
        verdict=verdict,
        tone=tone,
        effective=effective_words(picture.effective),
        concluded=picture.concluded,
        concluded_by=picture.concluded_by,
        concluded_reason=picture.concluded_reason,
        detected=tuple((each["path"], _detected(each)) for each in picture.detected),
        contradiction=next((each.clause for each in picture.faults if each.rule == "L15"), ""),
        faults=tuple(each for each in faults if each.verdict),
        settled=tuple(_fault(each) for each in picture.settled),
        notes=tuple(each for each in faults if not each.verdict),
        ancestors=_ancestors(viewer, picture),
        duties=tuple(_duty(each) for each in picture.obligations),
        notice=picture.notice_text,
        users=users_of(picture),
        accept=tuple(each.licence for each in picture.texts_to_accept),
    )


def users_of(picture: LicencePicture) -> tuple[UserRow, ...]:
    """Who may use it, by kind of consumer."""
    return tuple(_user(picture, who, consumer) for who, consumer in _WHO) if picture.is_examined else ()


def effective_words(expression: str) -> str:
    """As SPDX writes it, but for what SPDX calls NOASSERTION."""
    return expression.replace("NOASSERTION", "unknown")


def brief(viewer: Viewer, repo: Any, commit: str) -> Brief:
    picture = licence_at(viewer, repo, commit)
    return Brief(*_VERDICTS.get(picture.verdict, ("", "")), effective_words(picture.effective))


def licence_url(name: str) -> str:
    return f"/governance/licences/{quote(name, safe='')}"


def _fault(each: Any) -> FaultRow:
    words, tone = _VERDICTS[each.verdict] if each.verdict != "OK" else ("", "")
    title = NAMES[each.rule]
    return FaultRow(each.rule, title, words, tone, each.edge, each.clause, each.mend)


def _detected(each: dict[str, Any]) -> str:
    if not each["licence"]:
        return "no licence that this hub has the text of"
    share = {1: "", 0: ", by its title"}.get(each["similarity"], f", {each['similarity']:.0%} alike")
    return f"{each['licence']}{share}"


def _ancestors(viewer: Viewer, picture: LicencePicture) -> tuple[AncestorRow, ...]:
    shown = picture.lineage[:MAX_LINKS]
    here = shelf.names_here(viewer, [(each.kind, each.name) for each in shown if each.is_here])
    broken = {name for fault in picture.faults if fault.verdict in ("CONFLICT", "REVIEW") for name in fault.edge[1:]}
    ends = {fault.edge[-1] for fault in picture.faults if fault.verdict in ("CONFLICT", "REVIEW")} & broken
    return tuple(_ancestor(each, here, ends) for each in shown)


def _ancestor(each: Any, here: dict[tuple[str, str], str], broken: set[str]) -> AncestorRow:
    known = here.get((each.kind, each.name.lower())) if each.is_here else None
    note = "concluded by a reviewer" if each.is_concluded else each.settled
    return AncestorRow(
        name=each.name,
        url=links.repo_url(each.kind, known) if known else "",
        relation=_RELATIONS[each.relation],
        licence=each.licence,
        licence_url=licence_url(each.licence.lower()) if each.licence and " " not in each.licence else "",
        depth=each.depth,
        is_broken=each.name in broken,
        note=note or ("" if each.is_here else "not on this hub"),
    )


def _duty(each: Any) -> DutyRow:
    states = {True: ("done", "ok"), False: ("to do", "bad"), None: ("yours to see to", "")}
    return DutyRow(each.text, *states[each.is_met])


def _user(picture: LicencePicture, who: str, consumer: Consumer) -> UserRow:
    found = picture.verdict_for(consumer)
    outcome, tone = _OUTCOMES[found.outcome] if found else ("Unknown", "")
    stands = {fault.rule for fault in picture.faults if fault.verdict in ("CONFLICT", "REVIEW")}
    said = (found.reasons or found.duties) if found else ()
    first = ["What stands against it must be mended first."] if found and found.reasons and stands else []
    own = [
        each.text for each in said if (each.rule, each.text) not in {(one.rule, one.clause) for one in picture.faults}
    ]
    return UserRow(who, outcome, tone, " ".join(dict.fromkeys((*first, *own))))
