"""A list of models or data sets under a search and filters, all of it in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import FACETS, MAX_VALUES, SearchQuery, parse_query
from hub.catalog.selectors import shelf
from hub.core.errors import HubError
from hub.web.pages import facets, links, words
from hub.web.pages.facets import Facet
from hub.web.pages.links import Link
from hub.web.pages.ranges import Range, range_label, ranges_of
from hub.web.pages.rows import Row, bases_of, rows_of

PER_PAGE = 20
# The first one where there are words to search for; without them the second is what one gets.
SORTS = {
    "relevance": "Best match",
    "downloads": "Most pulled",
    "trending": "Trending",
    "likes": "Most liked",
    "updated": "Last updated",
    "created": "Newest",
    "size": "Largest download",
    "parameters": "Most parameters",
}
_KINDS = {"model": ("model", "models"), "dataset": ("data set", "data sets")}
_MAX_SHOWN = 200
_NONE = catalog.SearchResults(hits=(), total=0, facets={}, next=None)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class ListPage:
    """`address` is the shortest one that shows this list; `error` says in words what could not be read."""

    kind: str
    title: str
    url: str
    address: str
    query: str
    count: str
    error: str
    error_title: str
    status: int
    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    ranges: tuple[Range, ...]
    benchmark: str
    score_min: str
    tags: tuple[str, ...]
    sorts: tuple[Option, ...]
    applied: tuple[Link, ...]
    next_url: str
    first_url: str
    suggestions: tuple[Link, ...]
    is_filtered: bool
    may_compare: bool
    feed_url: str
    has_own_search: bool = True


Given = Mapping[str, Sequence[str]]


def build(viewer: Viewer, kind: str, given: Given) -> ListPage:
    names = facets.names_for(kind)
    try:
        query = parse_query(kind, given, limit=PER_PAGE)
        query = replace(query, limit=PER_PAGE)
        found = catalog.search(viewer, query, facets=names, tags=False)
    except HubError as error:
        return _page(viewer, _unread(kind, given), _NONE, given, error=error)
    return _page(viewer, query, found, given)


def _unread(kind: str, given: Given) -> SearchQuery:
    """What was asked for as far as it can be shown again, when it could not be read."""
    chosen = {name: tuple(value[:_MAX_SHOWN] for value in given.get(name, ())[:MAX_VALUES] if value) for name in FACETS}
    return SearchQuery(
        kind=kind,
        text=" ".join(given.get("q", ()))[:_MAX_SHOWN],
        chosen={name: values for name, values in chosen.items() if values},
    )


def _page(viewer: Viewer, query: SearchQuery, found: Any, given: Given, *, error: HubError | None = None) -> ListPage:
    kind, state = query.kind, state_of(query)
    repos = [hit.repo for hit in found.hits]
    here = shelf.names_here(viewer, bases_of(repos))
    is_filtered = bool(set(state) - {"sort"})
    _, many = _KINDS[kind]
    return ListPage(
        kind=kind,
        title=many.capitalize(),
        url=links.list_url(kind),
        address=links.list_url(kind, {**state, "after": query.after}),
        query=query.text,
        count="" if error else count_words(found.total, query, is_filtered),
        error=error.message if error else "",
        error_title="Not just now" if error and error.status >= 500 else "This search could not be read",
        status=error.status if error else 200,
        rows=rows_of(repos, here, {hit.repo.pk: hit.snippet for hit in found.hits}),
        facets=facets.build(found.facets, query.chosen, facets.names_for(kind)),
        ranges=ranges_of(kind, given),
        benchmark=_first(given, "benchmark"),
        score_min=_first(given, "score_min"),
        tags=query.tags,
        sorts=_sorts(query),
        applied=_applied(query, state),
        next_url=links.list_url(kind, {**state, "after": found.next}) if found.next else "",
        first_url=links.list_url(kind, state) if query.after else "",
        suggestions=() if found.total or error else suggestions(viewer, kind),
        is_filtered=is_filtered,
        may_compare=kind == "model",
        feed_url=links.feed_url(f"{kind}s"),
    )


def state_of(query: SearchQuery) -> dict[str, Any]:
    """The query as names and values of an address, without the place in the list."""
    state: dict[str, Any] = {"q": query.text, **query.chosen, "tag": query.tags}
    for name, (least, most) in query.ranges.items():
        state |= {f"{name}_min": least, f"{name}_max": most}
    state |= {"benchmark": query.benchmark, "score_min": query.score_min, "sort": query.sort}
    return {name: value for name, value in state.items() if value not in ("", None, ())}


def count_words(total: int, query: SearchQuery, is_filtered: bool) -> str:
    """`3 models match “bert”`."""
    one, many = _KINDS[query.kind]
    counted = words.plural(total, one, many) if total else f"No {many}"
    if query.text:
        return f"{counted} {'matches' if total == 1 else 'match'} “{query.text}”"
    return f"{counted} {'fits' if total == 1 else 'fit'} these filters" if is_filtered else counted


def suggestions(viewer: Viewer, kind: str) -> tuple[Link, ...]:
    """Up to three lists that are not empty."""
    found = catalog.search(viewer, SearchQuery(kind=kind, limit=1), facets=("task", "licence_class", "language"))
    tries = [(name, each.value) for name in ("task", "licence_class", "language") for each in found.facets[name][:1]]
    tries += [("task", each.value) for each in found.facets["task"][1:3]]
    return tuple(Link(facets.label_of(name, value), links.list_url(kind, {name: value})) for name, value in tries[:3])


def _sorts(query: SearchQuery) -> tuple[Option, ...]:
    """Best match makes sense for words alone, parameters for models alone."""
    hidden = ({"relevance"} if not query.text else set()) | ({"parameters"} if query.kind != "model" else set())
    chosen = query.sort or ("relevance" if query.text else "downloads")
    usual = "relevance" if query.text else "downloads"
    return tuple(
        Option("" if value == usual else value, label, value == chosen)
        for value, label in SORTS.items()
        if value not in hidden
    )


def _applied(query: SearchQuery, state: dict[str, Any]) -> tuple[Link, ...]:
    """A badge for each filter in force; its address is this list without it."""
    shown = [(f"“{query.text}”", _without(state, "q"))] if query.text else []
    for name, values in [*query.chosen.items(), ("tag", query.tags)]:
        label = facets.LABELS.get(name, "Tag")
        shown += [(f"{label}: {facets.label_of(name, value)}", _without(state, name, value)) for value in values]
    for name, bounds in query.ranges.items():
        shown.append((range_label(name, bounds), _without(_without(state, f"{name}_min"), f"{name}_max")))
    if query.benchmark:
        least = "" if query.score_min is None else f" ≥ {query.score_min:g}"
        shown.append((f"{query.benchmark}{least}", _without(_without(state, "benchmark"), "score_min")))
    return tuple(Link(label, links.list_url(query.kind, left)) for label, left in shown)


def _without(state: dict[str, Any], name: str, value: str = "") -> dict[str, Any]:
    left = tuple(each for each in state[name] if each != value) if value else ()
    return {**{key: each for key, each in state.items() if key != name}, **({name: left} if left else {})}


def _first(given: Given, name: str) -> str:
    return next(iter(given.get(name, ())), "").strip()[:_MAX_SHOWN]
