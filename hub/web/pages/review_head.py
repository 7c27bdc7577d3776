"""The top of a review: what it is of, and where it stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.core import clock
from hub.governance import states
from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_screen import Screen
from hub.web.pages import governance_links, links, repo


@dataclass(frozen=True)
class Head:
    commit: str
    short: str
    state: str
    tone: str
    reason: str
    tier: str
    uploader: str
    since: dt.datetime
    waits: bool
    examined_at: dt.datetime | None
    expires_at: dt.datetime | None
    is_late: bool
    assigned: str
    binding: str
    purposes: tuple[str, ...]
    conditions: tuple[str, ...]
    turn: str
    files_url: str
    is_head: bool
    head_url: str


def head(place: repo.Place, screen: Screen, head_commit: str) -> Head:
    revision = screen.revision
    return Head(
        commit=revision.commit,
        short=revision.commit[:12],
        state=revision.get_state_display(),
        tone=said.tone_of(revision.state),
        reason=revision.reason,
        tier=said.tier_words(revision.tier),
        uploader=revision.uploader,
        since=revision.submitted_at or revision.created_at,
        waits=revision.state in ("in-review", "needs-info", "intake"),
        examined_at=revision.examined_at,
        expires_at=revision.expires_at,
        is_late=bool(revision.expires_at and revision.expires_at < clock.now()),
        assigned=revision.assigned_to.username if revision.assigned_to else "",
        binding=revision.binding[:12] or screen.picture.binding.short,
        purposes=tuple(str(each) for each in revision.purposes),
        conditions=tuple(_condition(each) for each in revision.conditions),
        turn=_turn(screen),
        files_url=links.tree_url(*place.at[:2], revision.commit),
        is_head=revision.commit == head_commit,
        head_url=governance_links.review_url(*place.at[:2]),
    )


def _turn(screen: Screen) -> str:
    """Whose turn it is, in words; nothing where nobody has to act."""
    revision = screen.revision
    waiting = [each.label.lower() for each in screen.picture.domains if each.state not in states.CLOSED]
    turns = {
        "scanning": "The hub is still reading its files.",
        "intake": f"{revision.uploader} can put it up for review.",
        "needs-info": f"{revision.uploader} was asked for more, and answers below.",
        "in-review": f"It waits for reviewers of {', '.join(waiting)}." if waiting else "All domains are closed.",
        "quarantined": "A reviewer looks at the files that were found.",
        "suspended": "A reviewer confirms or revokes it.",
        "expired": f"{revision.uploader} or a reviewer can put it up again.",
        "withdrawn": f"{revision.uploader} can put it up again.",
    }
    return turns.get(revision.state, "")


def _condition(each: Any) -> str:
    return str(each.get("text", each)) if isinstance(each, dict) else str(each)
