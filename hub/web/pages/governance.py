"""Governance at a glance: what waits, what ends, what is stopped, and where everything is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.permissions import domains_of
from hub.governance.selectors import desk
from hub.governance.selectors import review_words as words
from hub.web.pages import governance_links as links
from hub.web.pages.links import Link


@dataclass(frozen=True)
class Tally:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Item:
    """A revision with the moment that matters: when its approval ends, or why it is stopped."""

    link: Link
    state: str
    tone: str
    at: dt.datetime | None
    reason: str


@dataclass(frozen=True)
class Place:
    """A page of governance, and what is found there."""

    label: str
    url: str
    about: str


@dataclass(frozen=True)
class GovernancePage:
    title: str
    is_reviewer: bool
    states: tuple[Tally, ...]
    domains: tuple[Tally, ...]
    expiring: tuple[Item, ...]
    suspended: tuple[Item, ...]
    places: tuple[Place, ...]


# Everybody finds these.
OPEN = (
    Place("Rules", "/governance/rules", "What a pull, a publication and an approval are checked against."),
    Place("Licences", "/governance/licences", "What each licence allows and asks for."),
    Place("Severity thresholds", "/governance/thresholds", "From which gap on a bias finding is low, medium or high."),
)
SIGNED_IN = (
    Place("Profiles", "/governance/profiles", "Who pulls where and for what: the teams that the rules ask about."),
    Place("Waivers", "/governance/waivers", "Exceptions from a rule, each with its reason and its end."),
    Place("Pulls", "/governance/pulls", "Who pulled what for which purpose, and what the rules said."),
    Place("Reviewers", links.REVIEWERS, "Who may decide on which domain."),
    Place("Ledger", "/ledger", "Everything that was done, in a chain that anybody can verify."),
    Place("Recalls of what you pulled", "/recalls", "What was called back of it, and what you answered."),
    Place("Agreements", "/agreements", "Licence texts that you or your organisations accepted."),
)
DESK = Place("Review desk", links.DESK, "What waits for a decision, the riskiest first.")
RECALLS = Place("Recalls", "/governance/recalls", "What was called back, and who has acted on it.")


def build(viewer: Viewer) -> GovernancePage:
    found = desk.overview(viewer)
    is_reviewer = bool(domains_of(viewer))
    return GovernancePage(
        title="Governance",
        is_reviewer=is_reviewer,
        states=tuple(_tally("state", *each, is_reviewer) for each in found.states),
        domains=tuple(_tally("domain", *each, is_reviewer) for each in found.domains),
        expiring=tuple(_item(revision, revision.expires_at) for revision in found.expiring),
        suspended=tuple(_item(revision, None) for revision in found.suspended),
        places=_places(viewer, is_reviewer),
    )


def _places(viewer: Viewer, is_reviewer: bool) -> tuple[Place, ...]:
    """Those that open for the viewer."""
    own = SIGNED_IN if viewer.user else ()
    return (*((DESK,) if is_reviewer else ()), *OPEN, *((RECALLS,) if viewer.is_admin else ()), *own)


def _tally(name: str, value: str, label: str, count: int, is_reviewer: bool) -> Tally:
    return Tally(label, count, f"{links.DESK}?{name}={value}" if is_reviewer and count else "")


def _item(revision: Any, at: dt.datetime | None) -> Item:
    tone = words.tone_of(revision.state)
    return Item(links.review_link(revision), revision.get_state_display(), tone, at, revision.reason)
