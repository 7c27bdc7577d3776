"""Atom feeds of what changed last: models, data sets, or all that an owner has."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.web.pages import links

SHOWN = 50
# What XML can't hold, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = {"models": ("model", "Models"), "datasets": ("dataset", "Data sets")}


@dataclass(frozen=True)
class Feed:
    """`etag` changes with what the feed says to this viewer."""

    repos: tuple[Any, ...]
    title: str
    url: str
    page_url: str
    etag: str


def build(viewer: Viewer, name: str, origin: str) -> Feed:
    """`name` is `models`, `datasets`, or that of an owner."""
    if name in _KINDS:
        kind, label = _KINDS[name]
        owner, page_url = None, links.list_url(kind)
    else:
        kind, owner = "", accounts.find_namespace(name)
        label, page_url, name = owner.name, links.owner_url(owner.name), owner.name
    repos = tuple(catalog.last_updated(viewer, kind=kind, owner=owner, limit=SHOWN))
    title = f"{label} on {settings.SITE_NAME}"
    return Feed(repos, title, origin + links.feed_url(name), origin + page_url, _etag(repos, origin))


def render(feed: Feed, origin: str) -> str:
    """Atom, valid for readers: each entry with an id that outlives its name, an author and a time."""
    made = Atom1Feed(
        title=feed.title, link=feed.page_url, description="", feed_url=feed.url, author_name=settings.SITE_NAME
    )
    for repo in feed.repos:
        card = getattr(repo, "card", None)
        made.add_item(
            title=repo.full_name,
            link=origin + links.repo_url(repo.kind, repo.full_name),
            description=_NOT_XML.sub("", card.summary) if card else "",
            author_name=repo.owner.name,
            unique_id=f"urn:headstart:{repo.public_id}",
            pubdate=repo.created_at,
            updateddate=repo.updated_at,
            categories=[repo.kind, *([_NOT_XML.sub("", card.pipeline_tag)] if card and card.pipeline_tag else [])],
        )
    return str(made.writeString("utf-8"))


def _etag(repos: tuple[Any, ...], origin: str) -> str:
    told = [origin, *(f"{repo.public_id} {repo.full_name} {repo.updated_at.isoformat()}" for repo in repos)]
    return f'"{hashlib.sha256("|".join(told).encode()).hexdigest()[:32]}"'
