"""Values of the facets with how many repositories have them, exactly."""

from collections.abc import Iterable
from typing import Any

from tantivy import Query

from hub.catalog.search.engine import OpenIndex

# So many values of a facet are shown.
SHOWN = 60
# So many values of each segment are compared. Among more, those that are rare everywhere could be passed over.
_COMPARED = 20_000


def counts_of(index: OpenIndex, query: Query, facets: Iterable[str]) -> dict[str, dict[str, int]]:
    """Of the matching documents, in one pass: by facet, the values that most have, most first."""
    wanted = {name: _terms(name) for name in facets}
    if not wanted:
        return {}
    found = index.searcher.aggregate(query, wanted)
    return {name: _counted(found[name]["buckets"]) for name in wanted}


def _terms(facet: str) -> dict[str, Any]:
    return {"terms": {"field": f"is_{facet}", "size": SHOWN, "segment_size": _COMPARED}}


def _counted(buckets: list[dict[str, Any]]) -> dict[str, int]:
    ordered = sorted(buckets, key=lambda bucket: (-bucket["doc_count"], bucket["key"]))
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in ordered}
