"""Lists of collections, one collection, and the forms that fill it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.community import selectors, services
from hub.community.errors import CollectionNotFound
from hub.web.pages import links, words
from hub.web.pages.links import Link
from hub.web.pages.rows import Row, bases_of, rows_of
from hub.web.pages.session import user_of

PER_PAGE = 20


@dataclass(frozen=True)
class CollectionRow:
    """One line of a list; `first` names some of what is in it."""

    title: str
    url: str
    owner: Link
    description: str
    count: str
    first: str
    has_more: bool
    is_private: bool
    updated_at: dt.datetime


@dataclass(frozen=True)
class CollectionsPage:
    rows: tuple[CollectionRow, ...]
    owner: Link | None
    next_url: str
    can_make: bool
    title: str = "Collections"


@dataclass(frozen=True)
class ItemRow:
    """A repository in a collection. `position` counts from 0 among what the viewer sees."""

    row: Row
    note: str
    url: str
    position: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class CollectionPage:
    title: str
    description: str
    owner: Link
    is_private: bool
    count: str
    updated_at: dt.datetime
    items: tuple[ItemRow, ...]
    can_edit: bool
    edit_url: str


@dataclass(frozen=True)
class FormPage:
    title: str
    form: Form
    action: str
    cancel_url: str
    delete_url: str = ""


@dataclass(frozen=True)
class Target:
    """A collection that may take the repository."""

    address: str
    title: str
    url: str
    owner: str
    has_it: bool


@dataclass(frozen=True)
class CollectPage:
    title: str
    repo: Link
    targets: tuple[Target, ...]
    new_url: str


def build_list(viewer: Viewer, *, owner: str = "", offset: int = 0) -> CollectionsPage:
    name = accounts.find_namespace(owner).name if owner else ""
    page = selectors.list_collections(viewer, owners=[name] if name else [], limit=PER_PAGE, offset=offset)
    at = f"{links.collections_of_url(name)}&" if name else "/collections?"
    return CollectionsPage(
        rows=tuple(row_of(info) for info in page.items),
        owner=Link(name, links.owner_url(name)) if name else None,
        next_url="" if page.next is None else f"{at}from={page.next}",
        can_make=viewer.is_signed_in,
    )


def row_of(info: selectors.CollectionInfo) -> CollectionRow:
    collection, owner = info.collection, info.collection.owner.name
    return CollectionRow(
        title=collection.title,
        url=links.collection_url(owner, collection.address),
        owner=Link(owner, links.owner_url(owner)),
        description=collection.description,
        count=words.plural(info.count, "repository", "repositories"),
        first=", ".join(item.repo.name for item in info.items),
        has_more=info.count > len(info.items),
        is_private=collection.is_private,
        updated_at=collection.updated_at,
    )


def build(viewer: Viewer, owner: str, address: str) -> CollectionPage:
    collection = selectors.find_collection(viewer, owner, address)
    info = selectors.read_collection(viewer, collection)
    at = links.collection_url(collection.owner.name, collection.address)
    return CollectionPage(
        title=collection.title,
        description=collection.description,
        owner=Link(collection.owner.name, links.owner_url(collection.owner.name)),
        is_private=collection.is_private,
        count=words.plural(info.count, "repository", "repositories"),
        updated_at=collection.updated_at,
        items=_items(viewer, info, at),
        can_edit=info.can_edit,
        edit_url=f"{at}/edit",
    )


def _items(viewer: Viewer, info: selectors.CollectionInfo, at: str) -> tuple[ItemRow, ...]:
    repos = [item.repo for item in info.items]
    rows = rows_of(repos, shelf.names_here(viewer, bases_of(repos)))
    last = info.count - 1
    return tuple(
        ItemRow(
            row, item.note, f"{at}/items/{item.public_id}", item.position, item.position == 0, item.position == last
        )
        for item, row in zip(info.items, rows, strict=True)
    )


def build_new(form: Form, then: str) -> FormPage:
    return FormPage("New collection", form, f"/collections/new{then}", "/collections")


def build_edit(collection: Any, form: Form) -> FormPage:
    at = links.collection_url(collection.owner.name, collection.address)
    return FormPage(f"Edit {collection.title}", form, f"{at}/edit", at, f"{at}/delete")


def build_collect(viewer: Viewer, kind: str, owner: str, name: str) -> CollectPage:
    repo = catalog.find_repo(viewer, kind, owner, name)
    at = (repo.kind, repo.full_name)
    return CollectPage(
        title=f"Add {repo.full_name} to a collection",
        repo=Link(repo.full_name, links.repo_url(*at)),
        targets=tuple(_target(row) for row in selectors.editable_collections(viewer, repo)),
        new_url=links.new_collection_url(*at),
    )


def _target(row: Any) -> Target:
    owner = row.owner.name
    return Target(row.public_id, row.title, links.collection_url(owner, row.address), owner, row.has_it)


def owners_for(viewer: Viewer) -> list[str]:
    """The names under which the viewer may make collections, their own first."""
    user = user_of(viewer)
    able = [row for row in accounts.memberships_of(user) if row.role != "read"]
    return [user.username, *(row.organisation.namespace.name for row in able)]


def make(viewer: Viewer, given: dict[str, Any], add: str) -> str:
    """Make the collection, with `add` (owner/name, data sets as datasets/owner/name) in it; its address."""
    repo = _repo(viewer, add) if add else None
    collection = services.create_collection(
        by=viewer,
        owner=accounts.find_namespace(given["owner"]),
        title=given["title"],
        description=given["description"],
        private=given["visibility"] == "private",
    )
    if repo:
        services.add_item(by=viewer, collection=collection, repo=repo)
    return links.collection_url(collection.owner.name, collection.address)


def change(viewer: Viewer, collection: Any, given: dict[str, Any]) -> str:
    """The collection's address afterwards."""
    services.update_collection(
        by=viewer,
        collection=collection,
        title=given["title"],
        description=given["description"],
        private=given["visibility"] == "private",
    )
    return links.collection_url(collection.owner.name, collection.address)


def put(viewer: Viewer, kind: str, owner: str, name: str, *, public_id: str, note: str) -> Link:
    """Put the repository into the collection of that id; where it is now."""
    repo = catalog.find_repo(viewer, kind, owner, name)
    found = next((row for row in selectors.editable_collections(viewer, repo) if row.public_id == public_id), None)
    if found is None:
        raise CollectionNotFound("You have no such collection that you may change.")
    services.add_item(by=viewer, collection=found, repo=repo, note=note)
    return Link(found.title, links.collection_url(found.owner.name, found.address))


def change_item(viewer: Viewer, collection: Any, item: str, *, deed: str, note: str, position: int) -> None:
    """What an item's buttons do: `move` to a position, `remove`, or keep its `note`."""
    if deed == "remove":
        services.remove_item(by=viewer, collection=collection, item_id=item)
    elif deed == "note":
        services.update_item(by=viewer, collection=collection, item_id=item, note=note)
    else:
        services.update_item(by=viewer, collection=collection, item_id=item, position=position)


def _repo(viewer: Viewer, add: str) -> Any:
    kind = "dataset" if add.startswith("datasets/") else "model"
    owner, _, name = add.removeprefix("datasets/").partition("/")
    return catalog.find_repo(viewer, kind, owner, name)
