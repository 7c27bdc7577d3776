"""What somebody is told, and what they watch."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.community import selectors, services
from hub.core.text import digits
from hub.web.pages import links, words
from hub.web.pages.links import Link

PER_PAGE = 50


@dataclass(frozen=True)
class Note:
    """`before` and `after` stand around the link, so that the sentence reads as one."""

    pk: int
    symbol: str
    before: str
    link: Link
    after: str
    at: dt.datetime
    is_unread: bool


@dataclass(frozen=True)
class Watched:
    label: str
    what: str
    url: str
    stop_url: str
    since: dt.datetime


@dataclass(frozen=True)
class NotificationsPage:
    notes: tuple[Note, ...]
    watches: tuple[Watched, ...]
    unread: int
    next_url: str
    title: str = "Notifications"


def build(viewer: Viewer, *, offset: int = 0) -> NotificationsPage:
    found = list(selectors.notifications_of(viewer)[offset : offset + PER_PAGE + 1])
    return NotificationsPage(
        notes=tuple(_note(row) for row in found[:PER_PAGE]),
        watches=tuple(_watched(row) for row in selectors.watches_of(viewer)),
        unread=selectors.unread_count(viewer),
        next_url=f"/notifications?from={offset + PER_PAGE}" if len(found) > PER_PAGE else "",
    )


def waiting(viewer: Viewer, *, limit: int) -> tuple[Note, ...]:
    """The newest that are not read yet."""
    return tuple(_note(row) for row in selectors.notifications_of(viewer)[:limit] if row.read_at is None)


def mark(viewer: Viewer, chosen: list[str]) -> None:
    """Read are those of these ids, or all where one of them is `all`."""
    ids = [number for number in map(digits, chosen) if number is not None]
    services.mark_read(by=viewer, ids=None if "all" in chosen else ids)


def _note(row: Any) -> Note:
    kind, full_name = row.repo.kind, row.repo.full_name
    symbol, before, after, url = _WORDS[row.kind](row)
    link = Link(full_name, url or links.repo_url(kind, full_name))
    return Note(row.pk, symbol, before, link, after, row.at, row.read_at is None)


def _commits(row: Any) -> tuple[str, str, str, str]:
    counted = words.plural(row.count, "new commit")
    return "pulse", f"{counted} in ", "", links.commits_url(row.repo.kind, row.repo.full_name, "main")


def _tag(row: Any) -> tuple[str, str, str, str]:
    url = links.tree_url(row.repo.kind, row.repo.full_name, row.word)
    return "tag", "", f" has a new version: {row.word}", url


def _created(row: Any) -> tuple[str, str, str, str]:
    return "weight", f"{row.by} made ", "", ""


def _visibility(row: Any) -> tuple[str, str, str, str]:
    return "lock", "", f" is {'private' if row.repo.is_private else 'public'} now", ""


def _moved(_row: Any) -> tuple[str, str, str, str]:
    return "file", "A repository that you watch is called ", " now", ""


def _liked(row: Any) -> tuple[str, str, str, str]:
    others = f" and {words.plural(row.count - 1, 'other person', 'others')}" if row.count > 1 else ""
    url = links.likers_url(row.repo.kind, row.repo.full_name)
    return "heart", f"{row.by}{others} {'like' if row.count > 1 else 'likes'} ", "", url


def _made_from(row: Any) -> tuple[str, str, str, str]:
    return "branch", "", f" was made from {row.base.full_name}", ""


def _freer(row: Any) -> tuple[str, str, str, str]:
    url = f"{links.repo_url(row.repo.kind, row.repo.full_name)}/licence"
    return "alert", "", f" has a freer licence than {row.word}, which it was made from, allows", url


def _assigned(row: Any) -> tuple[str, str, str, str]:
    return "check", f"{row.by} asks you to review ", "", _review(row)


def _decided(row: Any) -> tuple[str, str, str, str]:
    return "check", "The review of ", f": {_STATES.get(row.word, row.word)}", _review(row)


def _suspended(row: Any) -> tuple[str, str, str, str]:
    return "alert", "The approval of ", f" was {row.word}", _review(row)


def _expiring(row: Any) -> tuple[str, str, str, str]:
    when = "has ended" if row.word == "expired" else f"ends within {words.plural(int(row.word), 'day')}"
    return "bell", "The approval of ", f" {when}", _review(row)


def _review(row: Any) -> str:
    return f"{links.repo_url(row.repo.kind, row.repo.full_name)}/review"


_STATES = {
    "approved": "approved",
    "conditional": "approved with conditions",
    "rejected": "rejected",
    "needs-info": "its owner is asked something",
}


def _asked(row: Any) -> tuple[str, str, str, str]:
    others = f" and {words.plural(row.count - 1, 'other person', 'others')}" if row.count > 1 else ""
    url = links.access_settings_url(row.repo.kind, row.repo.full_name)
    return "lock", f"{row.by}{others} {'ask' if row.count > 1 else 'asks'} for access to ", "", url


def _access(row: Any) -> tuple[str, str, str, str]:
    before, after = _DECIDED.get(row.word, ("Your access to ", " has changed"))
    return "lock", before, after, links.access_url(row.repo.kind, row.repo.full_name)


_DECIDED = {
    "accepted": ("You may read the files of ", " now"),
    "pending": ("Your access to ", " was taken back; the request waits"),
    "rejected": ("Your request for access to ", " was rejected"),
    "expired": ("Your access to ", " has run out"),
}
_WORDS = {
    "commit": _commits,
    "tag": _tag,
    "created": _created,
    "visibility": _visibility,
    "moved": _moved,
    "liked": _liked,
    "made-from": _made_from,
    "freer": _freer,
    "assigned": _assigned,
    "decided": _decided,
    "suspended": _suspended,
    "expiring": _expiring,
    "asked": _asked,
    "access": _access,
}


def _watched(row: Any) -> Watched:
    if row.owner:
        name = row.owner.name
        return Watched(name, "all repositories", links.owner_url(name), links.watch_owner_url(name), row.since)
    at = (row.repo.kind, row.repo.full_name)
    what = "data set" if row.repo.kind == "dataset" else "model"
    return Watched(row.repo.full_name, what, links.repo_url(*at), links.watch_url(*at), row.since)
