"""Collections as a viewer may see them: with those of their repositories alone that the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, key_of, seen_by
from hub.community.errors import CollectionNotFound
from hub.community.models import Collection, CollectionItem
from hub.community.permissions import may_edit
from hub.core.text import storable

SHOWN = 4
_ID_LENGTH = 24


@dataclass(frozen=True)
class Item:
    """`position` counts from 0 among what the viewer may see; `repo` has owner and card."""

    public_id: str
    repo: Repo
    note: str
    position: int


@dataclass(frozen=True)
class CollectionInfo:
    """`count` is of the items that the viewer may see, `items` are all of these or, in lists, the first few."""

    collection: Collection
    items: tuple[Item, ...]
    count: int
    can_edit: bool


@dataclass(frozen=True)
class CollectionPage:
    """`next` is the offset of the page after this one, None on the last."""

    items: tuple[CollectionInfo, ...]
    next: int | None


def find_collection(viewer: Viewer, owner: str, address: str) -> Collection:
    """By the id at the end of the address, whatever the title is meanwhile; `CollectionNotFound`."""
    found = Collection.objects.visible_to(viewer).select_related("owner")
    public_id = storable(address)[-_ID_LENGTH:].lower()
    collection = found.filter(public_id=public_id, owner__name__lower=storable(owner).lower()).first()
    if collection is None:
        raise CollectionNotFound
    return collection


def read_collection(viewer: Viewer, collection: Collection) -> CollectionInfo:
    """The collection with all that the viewer may see of it."""
    items = _numbered(visible_items(viewer).filter(collection=collection))
    return CollectionInfo(collection, items, len(items), may_edit(viewer, collection))


def list_collections(
    viewer: Viewer,
    *,
    owners: Iterable[str] = (),
    holding: Iterable[tuple[str, str, str]] = (),
    limit: int = 20,
    offset: int = 0,
) -> CollectionPage:
    """Last changed first. `owners`: of one of these names; `holding`: (kind, owner, name), with all of these that the
    viewer may see in it."""
    found = Collection.objects.visible_to(viewer)
    if names := [storable(name).lower() for name in owners]:
        found = found.filter(owner__in=_named(names))
    for kind, owner, name in holding:
        repos = Repo.objects.visible_to(viewer).filter(kind=kind, key=key_of(owner, name))
        found = found.filter(Exists(CollectionItem.objects.filter(collection=OuterRef("pk"), repo__in=repos)))
    rows = list(_with_items(viewer, found).order_by("-updated_at", "-pk")[offset : offset + limit + 1])
    page = tuple(_brief(viewer, row) for row in rows[:limit])
    return CollectionPage(page, offset + limit if len(rows) > limit else None)


def count_collections_with(viewer: Viewer, repo: Repo) -> int:
    """In how many of the collections that the viewer may see this repository is."""
    return Collection.objects.visible_to(viewer).filter(items__repo=repo).count()


def editable_collections(viewer: Viewer, repo: Repo) -> QuerySet[Collection]:
    """Those that the viewer may put the repository into, by title; `has_it` says where it is already."""
    if viewer.user is None:
        return Collection.objects.none()
    writes = [pk for pk, role in viewer.roles.items() if role.value in {"write", "admin"}]
    contributes = [pk for pk, role in viewer.roles.items() if role.value == "contribute"]
    mine = Q(owner__in=writes) | Q(owner__in=contributes, created_by=viewer.user)
    has_it = Exists(CollectionItem.objects.filter(collection=OuterRef("pk"), repo=repo))
    return Collection.objects.filter(mine).select_related("owner").annotate(has_it=has_it).order_by("title", "pk")


def visible_items(viewer: Viewer) -> QuerySet[CollectionItem]:
    """Items whose repository the viewer may see, in their order."""
    found = CollectionItem.objects.filter(seen_by(viewer))
    return found.select_related("repo__owner", "repo__card").order_by("position", "pk")


def _named(names: list[str]) -> QuerySet[Namespace]:
    return Namespace.objects.filter(name__lower__in=names[:20])


def _with_items(viewer: Viewer, found: QuerySet[Collection]) -> QuerySet[Collection]:
    seen = seen_by(viewer, "items__repo")
    shown = Prefetch("items", visible_items(viewer)[:SHOWN], to_attr="shown")
    return found.select_related("owner").annotate(seen=Count("items", filter=seen)).prefetch_related(shown)


def _brief(viewer: Viewer, row: Collection) -> CollectionInfo:
    return CollectionInfo(row, _numbered(row.shown), row.seen, may_edit(viewer, row))  # type: ignore[attr-defined]


def _numbered(items: Iterable[CollectionItem]) -> tuple[Item, ...]:
    return tuple(Item(item.public_id, item.repo, item.note, number) for number, item in enumerate(items))
