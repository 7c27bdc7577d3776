"""Counts of facets for somebody: of public repositories, the same for all, and of those that only they may see."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from tantivy import Query

from hub.catalog.search.counting import SHOWN, Counts, counts_of
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, value_of

# So many are kept, so that a value of private repositories mostly finds its public count among them.
_KEPT = 300
_REMEMBERED = 256


@dataclass(frozen=True)
class Part:
    """Counts under one query: `counts` by facet, most first, not all of them where there are `_KEPT`."""

    index: OpenIndex
    query: Query
    counts: Counts

    def at_most(self, facet: str, value: str) -> int:
        """No more have it, without a look at the index."""
        known = self.counts[facet]
        return known.get(value, 0 if len(known) < _KEPT else min(known.values()))

    def exactly(self, facet: str, value: str) -> int:
        known = self.counts[facet]
        if value in known or len(known) < _KEPT:
            return known.get(value, 0)
        return self.in_any_case(facet, value)

    def in_any_case(self, facet: str, value: str) -> int:
        return self.index.count(all_of([self.query, value_of(self.index.schema, facet, value)]))


def part_of(index: OpenIndex, query: Query, facets: tuple[str, ...]) -> Part:
    return Part(index, query, counts_of(index, query, facets, _KEPT))


def remembered(index: OpenIndex, key: Hashable, make: Callable[[], Part]) -> Part:
    """The part under that key, counted once as long as nobody writes to the index."""
    if (found := index.memory.get(key)) is None:
        if len(index.memory) >= _REMEMBERED:
            index.memory.clear()
        found = index.memory[key] = make()
    return found


def together(parts: Sequence[Part], facet: str) -> dict[str, int]:
    """The most frequent values over all parts, which have no repository in common."""
    known: Counter[str] = Counter()
    for part in parts:
        known.update(part.counts[facet])
    least = min((count for _, count in known.most_common(SHOWN)), default=0) if len(known) >= SHOWN else 0
    likely = [value for value in known if sum(part.at_most(facet, value) for part in parts) >= least]
    counts = {value: sum(part.exactly(facet, value) for part in parts) for value in likely}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN])
