"""A page of repositories under a query of `hub.catalog.query`, with counts for its facets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tantivy import Query

from hub.accounts.viewer import Viewer
from hub.catalog.models import CardText, Repo
from hub.catalog.query import FACETS, SearchQuery
from hub.catalog.search import counting, engine, filters, paging
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.snippets import Pieces, snippet
from hub.catalog.search.text import Typed, text_query


@dataclass(frozen=True)
class Hit:
    """`repo` has owner, card and tags at hand. `snippet` is (text, is it a match), empty where the card's prose has
    none of the words."""

    repo: Repo
    snippet: Pieces = ()


@dataclass(frozen=True)
class FacetValue:
    """A value, and how many repositories have it under all filters but this facet's own."""

    value: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class SearchResults:
    """`total` counts all that was found, `next` is the `after` of the next page. Of each facet the most frequent values
    come, most first, and those that are chosen."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    next: str | None


def search(viewer: Viewer, query: SearchQuery, *, facets: Iterable[str] = FACETS) -> SearchResults:
    """What the viewer may see of what is asked for. Nothing else is in the counts.

    Words of the text must all match: names, tags, summary, owner or prose. Values come in lower case (owners as they
    spell themselves) and are chosen in any case; `bias` and `gated` say `none` where there is nothing.
    Raises `IndexNotReady`, and `InvalidInput` for an `after` that isn't ours.
    """
    index = engine.open_index()
    asked = _Asked.of(index, viewer, query)
    sort = query.sort or ("relevance" if query.text else "downloads")
    if sort == "relevance" and not query.text:
        sort = "downloads"
    page = paging.page_of(index, asked.all(query), sort=sort, limit=query.limit, after=query.after)
    return SearchResults(
        hits=_hits(viewer, page.keys, asked.typed.words if query.text else ()),
        total=page.total,
        facets=_facets(asked, query, list(facets)),
        next=page.next,
    )


@dataclass(frozen=True)
class _Asked:
    """A search that became a query of the index: who may see what, and the text, which holds for all facets."""

    index: OpenIndex
    scope: Query
    typed: Typed
    text: Query | None

    @classmethod
    def of(cls, index: OpenIndex, viewer: Viewer, query: SearchQuery) -> "_Asked":
        scope = filters.scope(index.schema, viewer, query.kind)
        typed = Typed.of(query.text)
        return cls(index, scope, typed, text_query(index, typed, scope) if query.text.strip() else None)

    def all(self, query: SearchQuery) -> Query:
        conditions = [filters.unscored(one) for one in filters.conditions(self.index.schema, query)]
        return filters.all_of([self.scope, *conditions, *([self.text] if self.text else [])])


def _facets(asked: _Asked, query: SearchQuery, facets: list[str]) -> dict[str, tuple[FacetValue, ...]]:
    """Each under all filters but its own, so that one can see what another choice would bring."""
    free = [name for name in facets if name not in query.chosen]
    counts = counting.counts_of(asked.index, asked.all(query), free)
    for name in facets:
        if name in query.chosen:
            rest = asked.all(query.without(name))
            counts |= counting.counts_of(asked.index, rest, [name])
            counts[name] |= _counts_of_chosen(asked, query, name, set(counts[name]))
    return {name: _values(counts[name], query.chosen.get(name, ())) for name in facets}


def _counts_of_chosen(asked: _Asked, query: SearchQuery, name: str, known: set[str]) -> dict[str, int]:
    """Of what was chosen and is not among the most frequent values."""
    folded = {value.casefold() for value in known}
    missing = [value for value in query.chosen[name] if value.casefold() not in folded]
    return {value: asked.index.count(asked.all(query.without(name).choosing(name, value))) for value in missing}


def _values(counts: dict[str, int], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    folded = {value.casefold() for value in chosen}
    return tuple(FacetValue(value, count, value.casefold() in folded) for value, count in counts.items())


def _hits(viewer: Viewer, keys: tuple[int, ...], words: tuple[str, ...]) -> tuple[Hit, ...]:
    """From the database, which has the last word on who may see them."""
    rows = Repo.objects.visible_to(viewer).filter(pk__in=keys).select_related("owner", "card").prefetch_related("tags")
    found = {repo.pk: repo for repo in rows}
    texts = dict(CardText.objects.filter(repo__in=found).values_list("repo", "text")) if words and found else {}
    return tuple(Hit(found[key], snippet(texts.get(key, ""), words)) for key in keys if key in found)
