"""A list of models or data sets under a search and filters, all of it in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.web.pages import links, words
from hub.web.pages.links import Link
from hub.web.pages.rows import Row, bases_of, rows_of, task_words

PER_PAGE = 20
SORTS = {
    "updated": ("Last updated", "lastModified"),
    "downloads": ("Most pulled", "downloads"),
    "created": ("Newest", "createdAt"),
}
_KINDS = {"model": ("model", "models"), "dataset": ("data set", "data sets")}
MAX_WORDS = 12
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
    feed_url: str
    has_own_search: bool = True


def build(viewer: Viewer, kind: str, given: Mapping[str, str]) -> ListPage:
    query = given.get("q", "").strip()[:_MAX_TEXT]
    sort = given.get("sort", "") if given.get("sort", "") in SORTS else "updated"
    chosen = {name: given.get(name, "").strip()[:_MAX_TEXT] for name in ("task", "licence", "library")}
    applied = {name: value for name, value in chosen.items() if value}
    found = _search(viewer, kind, query.split()[:MAX_WORDS], applied, sort=sort, after=given.get("after") or None)
    facets = shelf.facets(viewer, kind)
    state = {"q": query, **applied, "sort": sort if sort != "updated" else ""}
    one, many = _KINDS[kind]
    return ListPage(
        kind=kind,
        title=many.capitalize(),
        query=query,
        count=_count(found.total, one, many, query, applied),
        rows=rows_of(found.items, shelf.names_here(viewer, bases_of(found.items))),
        filters=_filters(facets, chosen),
        sorts=tuple(Option(value, label, value == sort) for value, (label, _) in SORTS.items()),
        applied=_applied(kind, state, query, applied),
        clear_url=links.list_url(kind),
        next_url=_url(kind, {**state, "after": found.next}) if found.next else "",
        first_url=_url(kind, state) if given.get("after") else "",
        suggestions=_suggestions(kind, facets),
        is_filtered=bool(query or applied),
        feed_url=links.feed_url(f"{kind}s"),
    )


def _search(
    viewer: Viewer, kind: str, wanted: list[str], applied: dict[str, str], *, sort: str, after: str | None
) -> Any:
    filters = [applied[name] for name in ("library",) if name in applied]
    filters += [f"license:{applied['licence']}"] if "licence" in applied else []
    return catalog.search_repos(
        viewer,
        kind=kind,
        search=wanted,
        author=None,
        filters=filters,
        pipeline_tag=applied.get("task"),
        sort=SORTS[sort][1],
        limit=PER_PAGE,
        cursor=after,
    )


def _count(total: int, one: str, many: str, query: str, applied: dict[str, str]) -> str:
    """`3 models match “bert”`."""
    counted = words.plural(total, one, many) if total else f"No {many}"
    if query:
        return f"{counted} {'matches' if total == 1 else 'match'} “{query}”"
    return f"{counted} {'fits' if total == 1 else 'fit'} these filters" if applied else counted


def _filters(facets: shelf.Facets, chosen: dict[str, str]) -> tuple[Filter, ...]:
    rows = (
        ("task", "Task", facets.tasks),
        ("licence", "Licence", facets.licences),
        ("library", "Library", facets.libraries),
    )
    return tuple(Filter(name, label, _options(name, values, chosen[name])) for name, label, values in rows)


def _options(name: str, values: tuple[tuple[str, int], ...], chosen: str) -> tuple[Option, ...]:
    known = [value for value, _ in values]
    shown = list(values) + ([(chosen, 0)] if chosen and chosen not in known else [])
    return tuple(
        Option(value, f"{task_words(value) if name == 'task' else value} ({count:,})", value == chosen)
        for value, count in shown
    )


def _applied(kind: str, state: dict[str, str], query: str, applied: dict[str, str]) -> tuple[Link, ...]:
    """A badge for each filter in force; its address is this list without it."""
    shown = ([("q", f"“{query}”")] if query else []) + [(name, f"{name}: {value}") for name, value in applied.items()]
    return tuple(Link(label, _url(kind, {**state, name: ""})) for name, label in shown)


def _suggestions(kind: str, facets: shelf.Facets) -> tuple[Link, ...]:
    """Three lists that are not empty."""
    tries = [("task", value, task_words(value)) for value, _ in facets.tasks[:2]]
    tries += [("licence", value, f"licence {value}") for value, _ in facets.licences[:2]]
    return tuple(Link(label, _url(kind, {name: value})) for name, value, label in tries[:3])


def _url(kind: str, state: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in state.items() if value})
    return links.list_url(kind) + (f"?{query}" if query else "")
