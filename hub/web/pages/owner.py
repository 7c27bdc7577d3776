"""The page of a user or an organisation."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import shelf
from hub.community import selectors as community
from hub.web.pages import links, social, words
from hub.web.pages.collections import CollectionRow, row_of
from hub.web.pages.links import Link
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 20
FEW = 6


@dataclass(frozen=True)
class Member:
    name: str
    full_name: str
    role: str


@dataclass(frozen=True)
class Role:
    name: str
    meaning: str


@dataclass(frozen=True)
class Shelf:
    """The repositories of one kind that changed last; `more` leads to all of them, where there are more."""

    title: str
    rows: tuple[Row, ...]
    more: Link | None


@dataclass(frozen=True)
class OwnerPage:
    """`edit_url` is empty for those who may not change the profile. `people` are organisations of a user."""

    title: str
    full_name: str
    kind: str
    what: str
    since: dt.datetime
    about: str
    homepage: Link | None
    edit_url: str
    watch: social.WatchButton | None
    shelves: tuple[Shelf, ...]
    collections: tuple[CollectionRow, ...]
    collections_url: str
    likes: tuple[Link, ...]
    organisations: tuple[Member, ...]
    members: tuple[Member, ...]
    roles: tuple[Role, ...]
    is_own: bool
    feed_url: str


def build(viewer: Viewer, name: str) -> OwnerPage:
    namespace = accounts.find_namespace(name)
    build_one = _organisation if namespace.kind == "org" else _user
    collections = community.list_collections(viewer, owners=[namespace.name], limit=FEW)
    return build_one(
        viewer,
        namespace,
        title=namespace.name,
        kind=namespace.kind,
        shelves=_shelves(viewer, namespace.name),
        collections=tuple(row_of(info) for info in collections.items),
        collections_url=links.collections_of_url(namespace.name),
        feed_url=links.feed_url(namespace.name),
    )


def _user(viewer: Viewer, namespace: Any, **told: Any) -> OwnerPage:
    user = accounts.find_user(namespace.name)
    is_own = viewer.user == user
    return OwnerPage(
        full_name=user.full_name,
        what="Robot: a program that acts with tokens" if user.kind == "robot" else "Person",
        since=user.joined_at,
        about=user.bio,
        homepage=_homepage(user.homepage),
        edit_url="/settings/profile" if is_own else "",
        watch=None if is_own else social.watch_button(viewer, namespace),
        likes=tuple(_liked(like.repo) for like in community.likes_of(viewer, user)[:FEW]),
        organisations=tuple(_organisation_of(row) for row in accounts.organisations_of(viewer, user)),
        members=(),
        roles=(),
        is_own=is_own,
        **told,
    )


def _organisation(viewer: Viewer, namespace: Any, **told: Any) -> OwnerPage:
    organisation = accounts.find_organisation(namespace.name)
    is_admin = viewer.role_in(namespace.pk) == "admin"
    return OwnerPage(
        full_name=organisation.full_name,
        what="Organisation",
        since=organisation.created_at,
        about=organisation.description,
        homepage=_homepage(organisation.homepage),
        edit_url=links.organisation_profile_url(namespace.name) if is_admin else "",
        watch=social.watch_button(viewer, namespace),
        likes=(),
        organisations=(),
        members=tuple(
            Member(member.user.username, member.user.full_name, split_role(member.get_role_display()).name)
            for member in accounts.members_of(viewer, organisation)
        ),
        roles=tuple(split_role(label) for label in accounts.role_labels()),
        is_own=False,
        **told,
    )


def split_role(label: str) -> Role:
    name, _, meaning = label.partition(": ")
    return Role(name, meaning)


def _organisation_of(row: Any) -> Member:
    organisation = row.organisation
    return Member(organisation.namespace.name, organisation.full_name, split_role(row.get_role_display()).name)


def _homepage(address: str) -> Link | None:
    return Link(urlsplit(address).netloc + urlsplit(address).path.rstrip("/"), address) if address else None


def _liked(repo: Any) -> Link:
    return Link(repo.full_name, links.repo_url(repo.kind, repo.full_name))


def _shelves(viewer: Viewer, owner: str) -> tuple[Shelf, ...]:
    found = {kind: _found(viewer, owner, kind) for kind in ("model", "dataset")}
    repos = {kind: [hit.repo for hit in results.hits] for kind, results in found.items()}
    here = shelf.names_here(viewer, bases_of([*repos["model"], *repos["dataset"]]))
    shelves = [_shelf(kind, owner, found[kind].total, rows_of(repos[kind], here)) for kind in found]
    return tuple(each for each in shelves if each.rows) or tuple(shelves)


def _found(viewer: Viewer, owner: str, kind: str) -> catalog.SearchResults:
    query = SearchQuery(kind=kind, chosen={"owner": (owner,)}, sort="updated", limit=SHOWN)
    return catalog.search(viewer, query, facets=(), tags=False)


def _shelf(kind: str, owner: str, total: int, rows: tuple[Row, ...]) -> Shelf:
    counted = words.plural(total, "data set") if kind == "dataset" else words.plural(total, "model")
    more = Link(f"All {counted}", links.owned_url(kind, owner)) if total > len(rows) else None
    return Shelf(counted, rows, more)
