"""Counts of facets for somebody: of public repositories, the same for all, and of those that only they may see."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from tantivy import Query

from hub.catalog.models import CatalogEvent
from hub.catalog.search.counting import SHOWN, Counts, counts_of
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, value_of

# So many are kept, so that a value of private repositories mostly finds its public count among them.
_KEPT = 300
_REMEMBERED = 256
# Of so many changed repositories the index is asked before and after, rather than of all anew. They have less values.
_MOST_CHANGED, _ALL = 500, 50_000


@dataclass(frozen=True)
class Part:
    """Counts under one query, by facet, most first. Not all values may be there: `rest` says how many repositories
    any other one has at most.
    """

    index: OpenIndex
    query: Query
    counts: Counts
    rest: Mapping[str, int]

    def at_most(self, facet: str, value: str) -> int:
        """No more have it, without a look at the index."""
        return self.counts[facet].get(value, self.rest[facet])

    def exactly(self, facet: str, value: str) -> int:
        known = self.counts[facet].get(value)
        return self.in_any_case(facet, value) if known is None and self.rest[facet] else known or 0

    def in_any_case(self, facet: str, value: str) -> int:
        return self.index.count(all_of([self.query, value_of(self.index.schema, facet, value)]))


def part_of(index: OpenIndex, query: Query, facets: tuple[str, ...]) -> Part:
    counts = counts_of(index, query, facets, _KEPT)
    rest = {name: 0 if len(found) < _KEPT else min(found.values()) for name, found in counts.items()}
    return Part(index, query, counts, rest)


def remembered(index: OpenIndex, key: Hashable, make: Callable[[], Part]) -> Part:
    """The part under that key, counted once as long as nobody writes to the index."""
    if (found := index.memory.get(key)) is None:
        if len(index.memory) >= _REMEMBERED:
            index.memory.clear()
        found = index.memory[key] = make()
    return found


@dataclass(frozen=True)
class Known:
    """Counts of a moment ago, and the repositories that changed since."""

    part: Part
    changed: frozenset[int]


# The last counts of all public repositories, by what they are of: those take long, and every first page wants them.
_last: dict[Hashable, Part] = {}


def last_known(index: OpenIndex, key: Hashable) -> Known | None:
    """None where there is nothing to go on from. One query of the database, unless nobody wrote."""
    part = _last.get(key)
    if part is None or part.index.folder != index.folder:
        return None
    rows = CatalogEvent.objects.filter(seq__gt=part.index.seq, seq__lte=index.seq).values_list("repo_id", flat=True)
    changed = frozenset(rows[: _MOST_CHANGED + 1] if part.index.seq < index.seq else ())
    return Known(part, changed) if len(changed) <= _MOST_CHANGED else None


def count_all(index: OpenIndex, key: Hashable, query: Query, facets: tuple[str, ...], known: Known | None) -> Part:
    """The part of a query that has no condition, counted anew only where something changed."""
    part = (renewed(known.part, index, known.changed) if known else None) or part_of(index, query, facets)
    _last[key] = part
    return part


def renewed(part: Part, index: OpenIndex, changed: Collection[int]) -> Part | None:
    """The part in a later index: without the documents of what changed since, as they were, and with them as they are.
    None where a value that isn't listed may have become one of the most frequent.
    """
    facets = tuple(part.counts)
    gone = _of_these(part.index, part.query, facets, changed)
    come = _of_these(index, part.query, facets, changed)
    counts, rest = {}, {}
    for name in facets:
        listed = {**part.counts[name]} if part.rest[name] else {**dict.fromkeys(come[name], 0), **part.counts[name]}
        now = {value: count - gone[name].get(value, 0) + come[name].get(value, 0) for value, count in listed.items()}
        counts[name] = {value: count for value, count in now.items() if count}
        others = [count for value, count in come[name].items() if value not in listed]
        rest[name] = part.rest[name] + max(others, default=0)
        if rest[name] and rest[name] >= min(sorted(counts[name].values())[-SHOWN:], default=0):
            return None
    return Part(index, part.query, counts, rest)


def _of_these(index: OpenIndex, query: Query, facets: tuple[str, ...], keys: Collection[int]) -> Counts:
    these = Query.term_set_query(index.schema, "pk", list(keys))
    return counts_of(index, all_of([query, these]), facets, _ALL)


def together(parts: Sequence[Part], facet: str) -> dict[str, int]:
    """The most frequent values over all parts, which have no repository in common."""
    known: Counter[str] = Counter()
    for part in parts:
        known.update(part.counts[facet])
    least = min((count for _, count in known.most_common(SHOWN)), default=0) if len(known) >= SHOWN else 0
    likely = [value for value in known if sum(part.at_most(facet, value) for part in parts) >= least]
    counts = {value: sum(part.exactly(facet, value) for part in parts) for value in likely}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN])
