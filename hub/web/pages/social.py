"""Likes and watching: the buttons in a banner, who likes something, and what somebody likes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.community import selectors, services
from hub.web.pages import links, words
from hub.web.pages.links import Link
from hub.web.pages.rows import Row, bases_of, rows_of
from hub.web.pages.session import user_of

PER_PAGE = 50


@dataclass(frozen=True)
class Social:
    """The buttons of a repository. Somebody signed out sees the count, and is sent to sign in by a button."""

    likes: str
    is_liked: bool
    is_watched: bool
    like_url: str
    likers_url: str
    watch_url: str
    collect_url: str


@dataclass(frozen=True)
class WatchButton:
    url: str
    is_watched: bool
    count: str


@dataclass(frozen=True)
class Person:
    name: str
    full_name: str
    url: str
    since: dt.datetime


@dataclass(frozen=True)
class LikersPage:
    title: str
    repo: Link
    people: tuple[Person, ...]
    next_url: str


@dataclass(frozen=True)
class LikesPage:
    rows: tuple[Row, ...]
    next_url: str
    title: str = "What you like"


def build(viewer: Viewer, repo: Any) -> Social:
    at = (repo.kind, repo.full_name)
    stance = selectors.stance(viewer, repo)
    return Social(
        likes=words.plural(repo.likes, "like"),
        is_liked=stance.is_liked,
        is_watched=stance.is_watched,
        like_url=links.like_url(*at),
        likers_url=links.likers_url(*at),
        watch_url=links.watch_url(*at),
        collect_url=links.collect_url(*at),
    )


def watch_button(viewer: Viewer, owner: Any) -> WatchButton:
    """For the page of a user or an organisation."""
    count = selectors.watchers_of(owner).count()
    is_watched = selectors.is_watching(viewer, owner)
    return WatchButton(links.watch_owner_url(owner.name), is_watched, words.plural(count, "watcher"))


def likers(viewer: Viewer, kind: str, owner: str, name: str, *, offset: int) -> LikersPage:
    repo = catalog.find_repo(viewer, kind, owner, name)
    found = list(selectors.likers_of(viewer, repo)[offset : offset + PER_PAGE + 1])
    at = (repo.kind, repo.full_name)
    return LikersPage(
        title=f"Who likes {repo.full_name}",
        repo=Link(repo.full_name, links.repo_url(*at)),
        people=tuple(_person(like.user, like.liked_at) for like in found[:PER_PAGE]),
        next_url=f"{links.likers_url(*at)}?from={offset + PER_PAGE}" if len(found) > PER_PAGE else "",
    )


def likes(viewer: Viewer, *, offset: int) -> LikesPage:
    found = list(selectors.likes_of(viewer, user_of(viewer))[offset : offset + PER_PAGE + 1])
    repos = [like.repo for like in found[:PER_PAGE]]
    rows = rows_of(repos, shelf.names_here(viewer, bases_of(repos)))
    return LikesPage(rows, f"/likes?from={offset + PER_PAGE}" if len(found) > PER_PAGE else "")


def set_like(viewer: Viewer, kind: str, owner: str, name: str, *, on: bool) -> str:
    """Like or unlike; the address of the repository."""
    repo = catalog.find_repo(viewer, kind, owner, name)
    (services.like if on else services.unlike)(by=viewer, repo=repo)
    return links.repo_url(repo.kind, repo.full_name)


def set_watch(viewer: Viewer, kind: str, owner: str, name: str, *, on: bool) -> str:
    """Watch or stop it; the address of the repository."""
    repo = catalog.find_repo(viewer, kind, owner, name)
    (services.watch_repo if on else services.unwatch_repo)(by=viewer, repo=repo)
    return links.repo_url(repo.kind, repo.full_name)


def set_watch_owner(viewer: Viewer, name: str, *, on: bool) -> str:
    """Watch an owner or stop it; the address of their page."""
    owner = accounts.find_namespace(name)
    (services.watch_owner if on else services.unwatch_owner)(by=viewer, owner=owner)
    return links.owner_url(owner.name)


def _person(user: Any, since: dt.datetime) -> Person:
    return Person(user.username, user.full_name, links.owner_url(user.username), since)
