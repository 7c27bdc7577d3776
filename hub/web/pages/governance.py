"""Governance at a glance: what waits, what ends, what is stopped, and where everything is."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.permissions import domains_of
from hub.governance.selectors import desk
from hub.governance.selectors import review_words as words
from hub.web.pages import governance_links as links
from hub.web.pages.governance_places import Place, places
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
class GovernancePage:
    title: str
    is_reviewer: bool
    states: tuple[Tally, ...]
    domains: tuple[Tally, ...]
    expiring: tuple[Item, ...]
    suspended: tuple[Item, ...]
    places: tuple[Place, ...]


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
        places=places(viewer, is_reviewer),
    )


def _tally(name: str, value: str, label: str, count: int, is_reviewer: bool) -> Tally:
    return Tally(label, count, f"{links.DESK}?{name}={value}" if is_reviewer and count else "")


def _item(revision: Any, at: dt.datetime | None) -> Item:
    tone = words.tone_of(revision.state)
    return Item(links.review_link(revision), revision.get_state_display(), tone, at, revision.reason)
