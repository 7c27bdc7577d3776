"""What was decided on a revision, and what happened to it: the audit trail and the comments."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_screen import Screen
from hub.web.pages import governance_links
from hub.web.pages.links import Link

# What moves nothing, in words after a name.
_DID = {
    "assign": "assigned it",
    "note": "noted",
    "plan": "planned a change",
    "policy": "took a change into account",
    "revoke-asked": "asked to revoke it",
    "tier": "set the tier",
}


@dataclass(frozen=True)
class Decided:
    domain: str
    state: str
    tone: str
    by: str
    at: dt.datetime
    reason: str
    conditions: tuple[str, ...]
    binding: str
    is_current: bool
    carried_from: Link | None


@dataclass(frozen=True)
class Happened:
    """One line of the trail: who did what; `text` is what they said."""

    by: str
    at: dt.datetime
    what: str
    text: str
    is_comment: bool


@dataclass(frozen=True)
class Planned:
    """A change plan that hasn't ended; `approved_by` is empty while it waits for somebody."""

    title: str
    allows: str
    suite: str
    proposed_by: str
    approved_by: str
    until: dt.datetime


def planned(screen: Screen) -> tuple[Planned, ...]:
    return tuple(
        Planned(
            title=plan.title,
            allows=", ".join((*plan.envelope["changes"], *plan.envelope["relations"])),
            suite=f"{plan.envelope['suite']} drops by {plan.envelope['max_drop']:g} at most",
            proposed_by=plan.proposed_by,
            approved_by=plan.approved_by,
            until=plan.expires_at,
        )
        for plan in screen.plans
    )


def decided(screen: Screen, kind: str, full_name: str) -> tuple[Decided, ...]:
    """Newest first. Earlier ones on the same domain stay readable, marked as past."""
    seen: set[tuple[str, str]] = set()
    found = []
    for each in screen.decisions:
        key = (each.domain, "" if each.domain else each.by)
        found.append(_decided(each, key not in seen, kind, full_name))
        seen.add(key)
    return tuple(found)


def happened(screen: Screen) -> tuple[Happened, ...]:
    return tuple(
        Happened("the hub" if each.by == "system" else each.by, each.at, _what(each), each.text, each.kind == "comment")
        for each in screen.events
    )


def _decided(each: Any, is_current: bool, kind: str, full_name: str) -> Decided:
    earlier = each.carried_from.revision if each.carried_from else None
    return Decided(
        domain=each.get_domain_display() if each.domain else "Owner's sign-off",
        state=each.get_state_display(),
        tone=said.tone_of(each.state),
        by="the hub itself" if each.by == "system" else each.by,
        at=each.at,
        reason=each.reason,
        conditions=tuple(str(condition) for condition in each.conditions),
        binding=each.binding[:12],
        is_current=is_current,
        carried_from=Link(earlier.commit[:12], governance_links.review_url(kind, full_name, earlier.commit))
        if earlier
        else None,
    )


def _what(event: Any) -> str:
    domain = f"{event.get_domain_display()}: " if event.domain else ""
    if event.kind == "comment":
        return "commented"
    if event.before or event.after:
        before, after = _word(event.before), _word(event.after)
        return f"{domain}{before} → {after}" if before else f"{domain}{after}"
    return f"{domain}{_DID.get(event.kind, event.kind.replace('-', ' '))}"


def _word(state: str) -> str:
    return (said.states().get(state) or said.domain_states().get(state) or state).lower()
