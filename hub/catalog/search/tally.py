"""Counts of facets for somebody: of public repositories, the same for all, and of those that only they may see."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tantivy import Query

from hub.catalog.search.counting import ALL, SHOWN, Counts, counts_of, ordered
from hub.catalog.search.engine import OpenIndex, remembered
from hub.catalog.search.filters import all_of, value_of

# So many are kept, so that a value of private repositories mostly finds its public count among them.
_KEPT = 300


@dataclass(frozen=True)
class Part:
    """Counts under one query: `counts` by facet, most first. No value that isn't among them has more than `others`."""

    index: OpenIndex
    query: Query
    counts: Counts
    others: Mapping[str, int]

    def exactly(self, facet: str, value: str) -> int:
        known = self.counts[facet]
        return known.get(value, 0) if value in known or not self.others[facet] else self.in_any_case(facet, value)

    def in_any_case(self, facet: str, value: str) -> int:
        if not self.others[facet]:
            same = value.casefold()
            return sum(count for known, count in self.counts[facet].items() if known.casefold() == same)
        return self.index.count(all_of([self.query, value_of(self.index.schema, facet, value)]))


def part_of(index: OpenIndex, query: Query, facets: tuple[str, ...], most: int = 0, compared: int = ALL) -> Part:
    """With the `most` frequent values of each facet, or as many as it takes to put it together with others."""
    most = most or _KEPT
    counts = counts_of(index, query, facets, most, compared)
    others = {name: 0 if len(known) < most else min(known.values()) for name, known in counts.items()}
    return Part(index, query, counts, others)


def later(part: Part, index: OpenIndex) -> Part | None:
    """The same part in an index of which `changed` may be different: what they counted then, less, and what they count
    now, more. None where too much is different to know the most frequent values."""
    if not index.changed:
        return replace(part, index=index)
    changed = all_of([part.query, Query.term_set_query(index.schema, "pk", list(index.changed))])
    then, now = (counts_of(one, changed, part.counts, ALL) for one in (part.index, index))
    counts = {name: _moved(part, index, name, then[name], now[name]) for name in part.counts}
    found = replace(part, index=index, counts=counts)
    return found if all(_is_known(found, name) for name in counts) else None


def _moved(part: Part, index: OpenIndex, facet: str, then: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    known = dict(part.counts[facet])
    for value in then.keys() | now.keys():
        if value in known or not part.others[facet]:
            known[value] = known.get(value, 0) - then.get(value, 0) + now.get(value, 0)
        else:
            known[value] = replace(part, index=index).in_any_case(facet, value)
    return ordered({value: count for value, count in known.items() if count})


def _is_known(part: Part, facet: str) -> bool:
    """Whether no value that was left out can be among those that are shown."""
    counts, others = list(part.counts[facet].values()), part.others[facet]
    return len(counts) < 2 * _KEPT and (not others or (len(counts) >= SHOWN and counts[SHOWN - 1] > others))


def followed(index: OpenIndex, key: Hashable, make: Callable[[], Part]) -> Part:
    """The part under that key: counted once, and after each write for what was written alone."""
    known = index.earlier.get(key)
    return remembered(index, key, lambda: (later(known, index) if known else None) or make())


def together(parts: Sequence[Part], facet: str) -> dict[str, int]:
    """The most frequent values over all parts, which have no repository in common."""
    if len(parts) == 1:
        return dict(islice(parts[0].counts[facet].items(), SHOWN))
    known: Counter[str] = Counter()
    for part in parts:
        known.update(part.counts[facet])
    first = known.most_common(SHOWN)
    least = first[-1][1] if len(first) == SHOWN else 0
    # What a part doesn't name may be in it as often as its rarest.
    hidden = sum(part.others[facet] for part in parts)
    likely = [value for value, count in known.items() if count + hidden >= least]
    counts = {value: sum(part.exactly(facet, value) for part in parts) for value in likely}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN])
