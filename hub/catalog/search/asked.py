"""A search of somebody's as queries of the index: one for the page, one for the counts, one for each chosen facet's."""

from collections.abc import Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace

from tantivy import Occur, Query

from hub.accounts.viewer import Viewer
from hub.catalog.query import SearchQuery
from hub.catalog.search import engine, filters, text
from hub.catalog.search.counting import A_FEW, ALL, SHOWN
from hub.catalog.search.engine import OpenIndex, remembered
from hub.catalog.search.filters import all_of, unscored
from hub.catalog.search.paging import Page, page_of
from hub.catalog.search.parallel import start
from hub.catalog.search.tally import Part, followed, part_of, together
from hub.catalog.search.text import Typed

Counting = list[tuple[tuple[str, ...], "Future[list[Part]]"]]


@dataclass(frozen=True)
class Asked:
    """`scope` is what the viewer may see, `private` what of it is not public, `matches` what the words ask for. Viewers
    with the same `eyes` see the same."""

    index: OpenIndex
    query: SearchQuery
    typed: Typed
    scope: Query
    private: Query | None
    matches: tuple[Query, ...]
    eyes: Hashable

    @classmethod
    def of(cls, viewer: Viewer, query: SearchQuery) -> "Asked":
        index, typed = engine.open_index(), Typed.of(query.text)
        schema = index.schema
        matches = text.matches(schema, typed)
        if query.text.strip() and not typed.words:
            matches = [Query.empty_query()]  # signs alone, which nothing has
        scope, private = filters.scope(schema, viewer, query.kind), filters.private(schema, viewer, [query.kind])
        return cls(index, query, typed, scope, private, tuple(matches), _eyes(viewer))

    def forgiving(self) -> "Asked | None":
        """The same, with typos in words that nothing in scope has; None where there are none."""
        matches = text.forgiving(self.index, self.typed, self.scope)
        return None if matches is None else replace(self, matches=tuple(matches))

    def page(self) -> Page:
        query = self.query
        sort = query.sort or "relevance"
        if sort == "relevance" and not self.typed.words:
            sort = "downloads"
        if self.matches:
            return self._page(sort)
        key = ("page", self.eyes, _key(query), sort, query.limit, query.after)
        return remembered(self.index, key, lambda: self._page(sort))

    def _page(self, sort: str) -> Page:
        query = self.query
        wanted = all_of([self.scope, *self._conditions(query)])
        if sort == "relevance":
            better = text.scored(self.index.schema, self.typed)
            wanted = Query.boolean_query([(Occur.Must, wanted), *((Occur.Should, one) for one in better)])
        return page_of(self.index, wanted, sort=sort, limit=query.limit, after=query.after)

    def start_counting(self, facets: tuple[str, ...]) -> Counting:
        """Each facet under all filters but its own, so that one can see what another choice would bring."""
        free = tuple(name for name in facets if name not in self.query.chosen)
        groups = [(free, self.query)] if free else []
        groups += [((name,), self.query.without(name)) for name in facets if name in self.query.chosen]
        return [(names, start(self._parts, names, query)) for names, query in groups]

    def counted(self, counting: Counting) -> dict[str, Mapping[str, int]]:
        """The most frequent values, most first, and then those that were chosen and are not among them."""
        parts = {name: done for names, future in counting for done in [future.result()] for name in names}
        return {name: together(found, name) | self._chosen(found, name) for name, found in parts.items()}

    def _conditions(self, query: SearchQuery) -> list[Query]:
        return [*self.matches, *(unscored(one) for one in filters.conditions(self.index.schema, query))]

    def _parts(self, facets: tuple[str, ...], query: SearchQuery) -> list[Part]:
        """Public repositories are counted once for all viewers, but for texts: those are too many different ones."""
        conditions = self._conditions(query)
        if self.matches:
            return [part_of(self.index, all_of([self.scope, *conditions]), facets, SHOWN)]
        compared = ALL if conditions else A_FEW
        public = all_of([filters.public(self.index.schema, [query.kind]), *conditions])
        key = (facets, _key(query))
        found = [followed(self.index, key, lambda: part_of(self.index, public, facets, 0, compared))]
        if self.private:
            own = all_of([self.private, *conditions])
            found.append(followed(self.index, (self.eyes, *key), lambda: part_of(self.index, own, facets)))
        return found

    def _chosen(self, parts: list[Part], facet: str) -> dict[str, int]:
        if not (chosen := self.query.chosen.get(facet)):
            return {}
        known = {value.casefold() for value in together(parts, facet)}
        rest = [value for value in chosen if value.casefold() not in known]
        return {value: sum(part.in_any_case(facet, value) for part in parts) for value in rest}


def _eyes(viewer: Viewer) -> Hashable:
    """What the queries of `filters` for who may see what depend on."""
    return (viewer.is_admin, frozenset(viewer.roles), viewer.only_repositories)


def _key(query: SearchQuery) -> Hashable:
    """What the counts of a search without text depend on."""
    chosen = tuple(sorted((name, tuple(sorted(values))) for name, values in query.chosen.items()))
    ranges = tuple(sorted(query.ranges.items(), key=lambda item: item[0]))
    return (query.kind, chosen, tuple(sorted(query.tags)), ranges, query.benchmark, query.score_min)
