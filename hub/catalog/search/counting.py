"""Values of the facets with how many repositories have them, exactly."""

from collections.abc import Iterable, Mapping
from typing import Any

from tantivy import Query

from hub.catalog.search.engine import OpenIndex

Counts = Mapping[str, Mapping[str, int]]
# So many values of a facet are shown.
SHOWN = 60
# So many values of a facet are compared in each segment. Where little matches, all of them are found as fast as a few;
# where much does, it is faster to find a few, and to count those again that were cut off in some segment.
ALL, A_FEW = 200_000, 600


def counts_of(index: OpenIndex, query: Query, facets: Iterable[str], most: int, compared: int = ALL) -> Counts:
    """Of the matching documents: by facet, the `most` frequent values with their counts, most first."""
    found = _aggregate(index, query, {name: {"size": most, "segment_size": max(compared, most)} for name in facets})
    # A value that was cut off in one segment and not in another is counted short: count those that we have again.
    short = [name for name, (_, is_exact) in found.items() if not is_exact]
    again = _aggregate(index, query, {name: {"size": most, "include": list(found[name][0])} for name in short})
    return {name: ordered((again.get(name) or counted)[0]) for name, counted in found.items()}


def _aggregate(
    index: OpenIndex, query: Query, wanted: dict[str, dict[str, Any]]
) -> dict[str, tuple[dict[str, int], bool]]:
    """By facet, counts by value, and whether they are exact."""
    if not wanted:
        return {}
    terms = {name: {"terms": {"field": f"is_{name}", **options}} for name, options in wanted.items()}
    found = index.searcher.aggregate(query, terms)
    return {
        name: (_by_value(found[name]["buckets"]), not found[name]["doc_count_error_upper_bound"]) for name in wanted
    }


def _by_value(buckets: list[dict[str, Any]]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


def ordered(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
