"""Models that a form proposes to rank for a data set."""

from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.web.pages import repo
from workers.contract import Offer

_PROPOSED = 12


def proposed(viewer: Viewer, place: repo.Place, offer: Offer) -> list[tuple[str, str]]:
    """Models that it can read: those of the data's task first, then the most pulled ones."""
    readable = {"library": offer.needs} if offer.needs else {}
    task = repo.task_of(place.repo)
    fitting = _found(viewer, {**readable, "task": (task,)}) if task else ()
    found = {hit.repo.full_name: hit.repo for hit in (*fitting, *_found(viewer, readable))}
    return [(name, _words(name, each)) for name, each in list(found.items())[:_PROPOSED]]


def _found(viewer: Viewer, chosen: Mapping[str, tuple[str, ...]]) -> tuple[Any, ...]:
    return tuple(catalog.search(viewer, SearchQuery(chosen=chosen, limit=_PROPOSED)).hits)


def _words(name: str, of: Any) -> str:
    task = repo.task_of(of)
    return f"{name} ({task})" if task else name
