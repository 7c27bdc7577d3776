"""Names under what was typed of them so far."""

import tantivy
from tantivy import Query

from hub.catalog.search.documents import key_in
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, any_of
from hub.catalog.search.text import Typed, begins, inside, opens, typo

_BEGINS = 4.0


def names_like(index: OpenIndex, typed: Typed, scope: Query, limit: int) -> list[int]:
    """Keys of repositories: the one called so, names that begin so (the most pulled first), names with words that do,
    and, where there are none, names with a letter or two wrong. Each look is short: the first mostly is enough."""
    found: dict[int, None] = {}
    schema = index.schema
    for query in (Query.term_query(schema, "spelled", typed.whole, "basic"), opens(schema, typed.whole)):
        hits, _ = index.search(all_of([scope, query]), limit=limit, count=False, order_by_field="by_downloads")
        found |= dict.fromkeys(key_in(value) for value, _ in hits)
    for words in (_known, _misspelt):
        if len(found) < limit and not (found and words is _misspelt):
            query = all_of([scope, *(words(schema, word) for word in typed.words)])
            hits, _ = index.search(query, limit=limit, count=False, weight_by_field="fame")
            found |= dict.fromkeys(index.keys(address for _, address in hits))
    return list(found)[:limit]


def _known(schema: tantivy.Schema, word: str) -> Query:
    begun = Query.const_score_query(begins(schema, word), _BEGINS)
    return any_of([begun, inside(schema, word)]) if len(word) >= 3 else begun


def _misspelt(schema: tantivy.Schema, word: str) -> Query:
    return any_of([_known(schema, word), typo(schema, word, prefix=True)])
