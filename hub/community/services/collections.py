"""Make, change and fill collections."""

from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils.text import slugify

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read
from hub.community.errors import CollectionExists, ItemExists, ItemNotFound, TooMany
from hub.community.models import Collection, CollectionItem
from hub.community.permissions import check_collect, check_edit
from hub.community.selectors.collections import visible_items
from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.text import storable
from hub.core.transactions import write_transaction

MAX_TITLE = 100
MAX_DESCRIPTION = 2000
MAX_NOTE = 500
MAX_ITEMS = 500
MAX_COLLECTIONS = 1000
_SLUG_LENGTH = 60


def create_collection(
    *, by: Viewer, owner: Namespace, title: str, description: str = "", private: bool = False
) -> Collection:
    """Raises `NotSignedIn`, `NotAllowed`, `InvalidInput`, `TooMany`, and `CollectionExists` with `detail["slug"]`."""
    user = check_collect(by, owner)
    words = _words(title=title, description=description)
    _check_title_free(owner, words["title"])
    if Collection.objects.filter(owner=owner).count() >= MAX_COLLECTIONS:
        raise TooMany(f"{owner.name} has {MAX_COLLECTIONS} collections already. Delete one first.")
    collection = Collection(owner=owner, created_by=user, visibility=_visibility(private), **words)
    try:
        with write_transaction():
            collection.save(force_insert=True)
            record(by=by.name, action="collection.create", subject=_subject(collection))
    except IntegrityError:
        _check_title_free(owner, words["title"])
        raise
    return collection


def update_collection(
    *,
    by: Viewer,
    collection: Collection,
    title: str | None = None,
    description: str | None = None,
    private: bool | None = None,
) -> Collection:
    """None leaves as it is. A new title changes the address; the old one leads here. Raises as `create_collection`."""
    check_edit(by, collection)
    changes: dict[str, Any] = _words(title=title, description=description)
    if "title" in changes:
        _check_title_free(collection.owner, changes["title"], but=collection.pk)
    if private is not None:
        changes["visibility"] = _visibility(private)
    changes["updated_at"] = clock.now()
    try:
        with write_transaction():
            Collection.objects.filter(pk=collection.pk).update(**changes)
            record(by=by.name, action="collection.update", subject=_subject(collection))
    except IntegrityError:
        _check_title_free(collection.owner, changes.get("title", collection.title), but=collection.pk)
        raise
    for field, value in changes.items():
        setattr(collection, field, value)
    return collection


def delete_collection(*, by: Viewer, collection: Collection) -> None:
    check_edit(by, collection)
    with write_transaction():
        Collection.objects.filter(pk=collection.pk).delete()
        record(by=by.name, action="collection.delete", subject=_subject(collection))


def add_item(*, by: Viewer, collection: Collection, repo: Repo, note: str = "") -> CollectionItem:
    """Put a repository at the end. Raises `NotAllowed`, `RepoNotFound`, `ItemExists`, `TooMany`."""
    check_edit(by, collection)
    check_read(by, repo)
    note = _text(note, MAX_NOTE, "A note")
    items = CollectionItem.objects.filter(collection=collection)
    if items.filter(repo=repo).exists():
        raise ItemExists(f"{repo.full_name} is in {collection.title!r} already.")
    if items.count() >= MAX_ITEMS:
        raise TooMany(f"A collection takes {MAX_ITEMS} repositories. Make another one.")
    try:
        with write_transaction():
            last = items.aggregate(last=Max("position"))["last"]
            position = 0 if last is None else last + 1
            item = CollectionItem.objects.create(collection=collection, repo=repo, note=note, position=position)
            _touch(collection, repo)
            record(by=by.name, action="collection.add", subject=_subject(collection), repo=repo.public_id)
    except IntegrityError as error:
        raise ItemExists(f"{repo.full_name} is in {collection.title!r} already.") from error
    return item


def update_item(
    *, by: Viewer, collection: Collection, item_id: str, note: str | None = None, position: int | None = None
) -> None:
    """Give an item another note, or another place: `position` counts from 0 among what the actor may see."""
    check_edit(by, collection)
    item = _item(by, collection, item_id)
    order = None if position is None else _moved(by, collection, item, position)
    if note is not None:
        item.note = _text(note, MAX_NOTE, "A note")
    with write_transaction():
        CollectionItem.objects.filter(pk=item.pk).update(note=item.note)
        for place, pk in enumerate(order or ()):
            CollectionItem.objects.filter(pk=pk).exclude(position=place).update(position=place)
        _touch(collection, item.repo)
        record(by=by.name, action="collection.item", subject=_subject(collection), repo=item.repo.public_id)


def remove_item(*, by: Viewer, collection: Collection, item_id: str) -> None:
    """Raises `ItemNotFound` for what isn't there, or may not be seen."""
    check_edit(by, collection)
    item = _item(by, collection, item_id)
    with write_transaction():
        CollectionItem.objects.filter(pk=item.pk).delete()
        _touch(collection, item.repo)
        record(by=by.name, action="collection.remove", subject=_subject(collection), repo=item.repo.public_id)


def _item(by: Viewer, collection: Collection, item_id: str) -> CollectionItem:
    item = visible_items(by).filter(collection=collection, public_id=storable(item_id)).first()
    if item is None:
        raise ItemNotFound
    return item


def _moved(by: Viewer, collection: Collection, item: CollectionItem, position: int) -> list[int]:
    """The ids of all items in their new order: the moved one stands before the visible one that was there."""
    others = CollectionItem.objects.filter(collection=collection).exclude(pk=item.pk).order_by("position", "pk")
    order = list(others.values_list("pk", flat=True))
    seen = list(visible_items(by).filter(collection=collection).exclude(pk=item.pk).values_list("pk", flat=True))
    at = order.index(seen[position]) if 0 <= position < len(seen) else len(order)
    return [*order[:at], item.pk, *order[at:]]


def _touch(collection: Collection, repo: Repo) -> None:
    """What not everyone may see moves nothing that everyone sees."""
    if not repo.is_private:
        Collection.objects.filter(pk=collection.pk).update(updated_at=clock.now())


def _words(*, title: str | None, description: str | None) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if title is not None:
        words["title"] = " ".join(_text(title, MAX_TITLE, "A title").split())
        if not words["title"]:
            raise InvalidInput(f"Give the collection a title of 1 to {MAX_TITLE} characters.")
        words["slug"] = slugify(words["title"])[:_SLUG_LENGTH].strip("-")
    if description is not None:
        words["description"] = _text(description, MAX_DESCRIPTION, "A description")
    return words


def _text(text: str, most: int, what: str) -> str:
    text = storable(text).strip()
    if len(text) > most:
        raise InvalidInput(f"{what} takes up to {most:,} characters; this one has {len(text):,}.")
    return text


def _check_title_free(owner: Namespace, title: str, but: int = 0) -> None:
    found = Collection.objects.filter(owner=owner, title__iexact=title).exclude(pk=but).first()
    if found:
        raise CollectionExists(
            f"{owner.name} has a collection called {found.title!r} already. Choose another title.",
            slug=f"{owner.name}/{found.address}",
        )


def _visibility(private: bool) -> str:
    return Collection.Visibility.PRIVATE if private else Collection.Visibility.PUBLIC


def _subject(collection: Collection) -> str:
    return f"collections/{collection.owner.name}/{collection.public_id}"
