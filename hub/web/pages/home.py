"""The first page: what this hub is, a search, what is trending, new and used."""

from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import shelf
from hub.core.errors import HubError
from hub.web.pages import guide, links, notifications, words
from hub.web.pages.links import Link
from hub.web.pages.notifications import Note
from hub.web.pages.repo import Pull
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 5
NOTES = 4
_NONE = catalog.SearchResults(hits=(), total=0, facets={}, next=None)


@dataclass(frozen=True)
class Shelf:
    """A few of a list, and the way to all of it; `pulls`: whether pulls say more than the last change."""

    key: str
    title: str
    all: Link
    rows: tuple[Row, ...]
    pulls: bool = False


@dataclass(frozen=True)
class HomePage:
    """`waiting` is what the viewer has not read yet, for those who are signed in."""

    models: str
    datasets: str
    shelves: tuple[Shelf, ...]
    pulls: tuple[Pull, ...]
    example: str
    error: str
    waiting: tuple[Note, ...]
    is_newcomer: bool
    title: str = "Pre-trained models"
    description: str = "Pre-trained models with their licence, training data and known biases on record."
    has_own_search: bool = True


def build(viewer: Viewer, *, origin: str) -> HomePage:
    try:
        found, error = {key: _search(viewer, kind, sort) for key, _, kind, sort in _SHELVES}, ""
    except HubError as trouble:
        found, error = {key: _NONE for key, *_ in _SHELVES}, trouble.message
    trending = tuple(hit for hit in found["trending"].hits if hit.repo.trending > 0)
    pulled = tuple(hit for hit in found["pulled"].hits if hit.repo.downloads)
    found |= {"trending": replace(found["trending"], hits=trending), "pulled": replace(found["pulled"], hits=pulled)}
    here = shelf.names_here(viewer, bases_of(hit.repo for page in found.values() for hit in page.hits))
    return HomePage(
        models=_counted(found["new"].total, "model"),
        datasets=_counted(found["data"].total, "data set"),
        shelves=tuple(_shelf(*each, found[each[0]], here) for each in _SHELVES if found[each[0]].hits),
        pulls=() if viewer.is_signed_in else _pulls([*pulled, *found["new"].hits], origin),
        example=f'import sdk\nsdk.push("my-model/", "{viewer.name or "me"}/my-model", hub="{origin}")',
        error=error,
        waiting=notifications.waiting(viewer, limit=NOTES),
        is_newcomer=not viewer.is_signed_in,
    )


_SHELVES = (
    ("trending", "Trending", "model", "trending"),
    ("new", "New", "model", "created"),
    ("pulled", "Most pulled", "model", "downloads"),
    ("data", "Data sets", "dataset", "updated"),
)


def _search(viewer: Viewer, kind: str, sort: str) -> Any:
    return catalog.search(viewer, SearchQuery(kind=kind, sort=sort, limit=SHOWN), facets=())


def _counted(total: int, one: str) -> str:
    """`31 models`; nothing where there are none, since the page says so below."""
    return words.plural(total, one) if total else ""


def _shelf(key: str, title: str, kind: str, sort: str, found: Any, here: dict[tuple[str, str], str]) -> Shelf:
    way = Link("All data sets" if kind == "dataset" else "All models", links.list_url(kind, {"sort": sort}))
    return Shelf(key, title, way, rows_of([hit.repo for hit in found.hits], here), pulls=key == "pulled")


def _pulls(hits: list[Any], origin: str) -> tuple[Pull, ...]:
    """How a newcomer's tools find this hub, with a model that it has."""
    return guide.pulls(*guide.names_of(hits[0].repo), origin) if hits else ()
