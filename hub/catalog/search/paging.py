"""A page of hits, and where the next one begins."""

from dataclasses import dataclass

from tantivy import FieldType, Query

from hub.catalog.search.documents import key_in
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of
from hub.core.errors import InvalidInput

# By relevance there is no place to go on from but a number of hits; nobody reads so far.
MAX_OFFSET = 10_000


@dataclass(frozen=True)
class Page:
    """Keys of repositories; `total` counts those of all pages."""

    keys: tuple[int, ...]
    total: int
    next: str | None


def page_of(index: OpenIndex, query: Query, *, sort: str, limit: int, after: str) -> Page:
    """Of the matching documents by `sort`, most first. Raises `InvalidInput` for an `after` that isn't ours."""
    if sort == "relevance":
        return _by_score(index, query, limit, after)
    return _by_value(index, query, sort, limit, after)


def _by_score(index: OpenIndex, query: Query, limit: int, after: str) -> Page:
    offset = _number(after.removeprefix("from-")) if after else 0
    if offset > MAX_OFFSET:
        raise InvalidInput(
            f"By relevance, the first {MAX_OFFSET:,} can be read. Choose another order, or more filters."
        )
    hits, total = index.search(query, limit=limit, offset=offset, weight_by_field="fame")
    end = offset + limit
    more = f"from-{end}" if total > end and end <= MAX_OFFSET else None
    return Page(tuple(index.keys(address for _, address in hits)), total, more)


def _by_value(index: OpenIndex, query: Query, sort: str, limit: int, after: str) -> Page:
    """The order's values are all different, so a page begins below the last value of the page before."""
    field, rest = f"by_{sort}", query
    if after:
        last = _number(after)
        below = Query.range_query(index.schema, field, FieldType.Unsigned, None, last, include_upper=False)
        rest = all_of([query, below])
    hits, left = index.search(rest, limit=limit, order_by_field=field)
    more = str(hits[-1][0]) if left > len(hits) else None
    total = index.count(query) if after else left
    return Page(tuple(key_in(value) for value, _ in hits), total, more)


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else 1 << 64
    if number >= 1 << 64:
        raise InvalidInput("That page can't be found any more. Start from the first one.")
    return number
