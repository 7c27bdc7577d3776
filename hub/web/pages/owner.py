"""The page of a user or an organisation."""

import datetime as dt
from dataclasses import dataclass

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import shelf
from hub.web.pages import words
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 50


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
    title: str
    rows: tuple[Row, ...]
    more: str


@dataclass(frozen=True)
class OwnerPage:
    title: str
    full_name: str
    kind: str
    what: str
    since: dt.datetime
    shelves: tuple[Shelf, ...]
    members: tuple[Member, ...]
    roles: tuple[Role, ...]
    is_own: bool


def build(viewer: Viewer, name: str) -> OwnerPage:
    namespace = accounts.find_namespace(name)
    shelves = tuple(_shelf(viewer, namespace.name, kind) for kind in ("model", "dataset"))
    if namespace.kind == "org":
        return _organisation(viewer, namespace.name, shelves)
    user = accounts.find_user(namespace.name)
    return OwnerPage(
        title=user.username,
        full_name=user.full_name,
        kind="user",
        what="Robot: a program that acts with tokens" if user.kind == "robot" else "Person",
        since=user.joined_at,
        shelves=shelves,
        members=(),
        roles=(),
        is_own=viewer.user == user,
    )


def _organisation(viewer: Viewer, name: str, shelves: tuple[Shelf, ...]) -> OwnerPage:
    organisation = accounts.find_organisation(name)
    memberships = list(accounts.members_of(viewer, organisation))
    return OwnerPage(
        title=organisation.namespace.name,
        full_name=organisation.full_name,
        kind="org",
        what="Organisation",
        since=organisation.created_at,
        shelves=shelves,
        members=tuple(
            Member(member.user.username, member.user.full_name, split_role(member.get_role_display()).name)
            for member in memberships
        ),
        roles=tuple(split_role(label) for label in accounts.role_labels()),
        is_own=False,
    )


def split_role(label: str) -> Role:
    name, _, meaning = label.partition(": ")
    return Role(name, meaning)


def _shelf(viewer: Viewer, owner: str, kind: str) -> Shelf:
    query = SearchQuery(kind=kind, chosen={"owner": (owner,)}, sort="updated", limit=SHOWN)
    found = catalog.search(viewer, query, facets=())
    repos = [hit.repo for hit in found.hits]
    title = words.plural(found.total, "model") if kind == "model" else words.plural(found.total, "data set")
    more = f"The {SHOWN} last updated are shown." if found.total > SHOWN else ""
    return Shelf(title, rows_of(repos, shelf.names_here(viewer, bases_of(repos))), more)
