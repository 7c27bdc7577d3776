"""A list of models or data sets under a search and filters, all of it in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import shelf
from hub.web.pages import links, words
from hub.web.pages.links import Link
from hub.web.pages.rows import Row, bases_of, rows_of, task_words

PER_PAGE = 20
SORTS = {
    "updated": "Last updated",
    "downloads": "Most pulled",
    "created": "Newest",
}
_KINDS = {"model": ("model", "models"), "dataset": ("data set", "data sets")}
_FACETS = {"task": "Task", "licence": "Licence", "library": "Library"}
Facets = Mapping[str, tuple[catalog.FacetValue, ...]]
_MAX_TEXT = 200


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Filter:
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class ListPage:
    kind: str
    title: str
    query: str
    count: str
    rows: tuple[Row, ...]
    filters: tuple[Filter, ...]
    sorts: tuple[Option, ...]
    applied: tuple[Link, ...]
    clear_url: str
    next_url: str
    first_url: str
    suggestions: tuple[Link, ...]
    is_filtered: bool
    has_own_search: bool = True


def build(viewer: Viewer, kind: str, given: Mapping[str, str]) -> ListPage:
    query = given.get("q", "").strip()[:_MAX_TEXT]
    sort = given.get("sort", "") if given.get("sort", "") in SORTS else "updated"
    chosen = {name: given.get(name, "").strip()[:_MAX_TEXT] for name in _FACETS}
    applied = {name: value for name, value in chosen.items() if value}
    found = catalog.search(
        viewer,
        SearchQuery(
            kind=kind,
            text=query,
            chosen={name: (value,) for name, value in applied.items()},
            sort=sort,
            limit=PER_PAGE,
            after=given.get("after", ""),
        ),
        facets=tuple(_FACETS),
    )
    repos = [hit.repo for hit in found.hits]
    state = {"q": query, **applied, "sort": sort if sort != "updated" else ""}
    one, many = _KINDS[kind]
    return ListPage(
        kind=kind,
        title=many.capitalize(),
        query=query,
        count=_count(found.total, one, many, query, applied),
        rows=rows_of(repos, shelf.names_here(viewer, bases_of(repos))),
        filters=_filters(found.facets, chosen),
        sorts=tuple(Option(value, label, value == sort) for value, label in SORTS.items()),
        applied=_applied(kind, state, query, applied),
        clear_url=links.list_url(kind),
        next_url=_url(kind, {**state, "after": found.next}) if found.next else "",
        first_url=_url(kind, state) if given.get("after") else "",
        suggestions=() if found.total else _suggestions(viewer, kind),
        is_filtered=bool(query or applied),
    )


def _count(total: int, one: str, many: str, query: str, applied: dict[str, str]) -> str:
    """`3 models match “bert”`."""
    counted = words.plural(total, one, many) if total else f"No {many}"
    if query:
        return f"{counted} {'matches' if total == 1 else 'match'} “{query}”"
    return f"{counted} {'fits' if total == 1 else 'fit'} these filters" if applied else counted


def _filters(facets: Facets, chosen: dict[str, str]) -> tuple[Filter, ...]:
    return tuple(Filter(name, label, _options(name, facets[name], chosen[name])) for name, label in _FACETS.items())


def _options(name: str, values: tuple[catalog.FacetValue, ...], chosen: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            item.value,
            f"{task_words(item.value) if name == 'task' else item.value} ({item.count:,})",
            item.value == chosen,
        )
        for item in values
    )


def _applied(kind: str, state: dict[str, str], query: str, applied: dict[str, str]) -> tuple[Link, ...]:
    """A badge for each filter in force; its address is this list without it."""
    shown = ([("q", f"“{query}”")] if query else []) + [(name, f"{name}: {value}") for name, value in applied.items()]
    return tuple(Link(label, _url(kind, {**state, name: ""})) for name, label in shown)


def _suggestions(viewer: Viewer, kind: str) -> tuple[Link, ...]:
    """Three lists that are not empty."""
    facets = catalog.search(viewer, SearchQuery(kind=kind, limit=1), facets=("task", "licence")).facets
    tries = [("task", item.value, task_words(item.value)) for item in facets["task"][:2]]
    tries += [("licence", item.value, f"licence {item.value}") for item in facets["licence"][:2]]
    return tuple(Link(label, _url(kind, {name: value})) for name, value, label in tries[:3])


def _url(kind: str, state: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in state.items() if value})
    return links.list_url(kind) + (f"?{query}" if query else "")
