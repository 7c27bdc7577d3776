"""Names under what was typed of them so far."""

import tantivy
from tantivy import Occur, Query

from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, any_of
from hub.catalog.search.text import Typed, inside, starts, typo, very_name

_NAME, _OWNER = 4.0, 2.0


def names_query(index: OpenIndex, typed: Typed, scope: Query) -> Query:
    """Names with all the words, whole, begun, or inside; where none has, with a letter or two of them wrong."""
    words = [_word(index.schema, word) for word in typed.words]
    if not index.count(all_of([scope, *words])):
        words = [
            any_of([known, typo(index.schema, word, prefix=True)])
            for word, known in zip(typed.words, words, strict=True)
        ]
    return Query.boolean_query([(Occur.Must, all_of([scope, *words])), (Occur.Should, very_name(index, typed.whole))])


def _word(schema: tantivy.Schema, word: str) -> Query:
    found = [inside(schema, word)] if len(word) >= 3 else []
    for field, weight in (("name", _NAME), ("author", _OWNER)):
        found.append(Query.const_score_query(starts(schema, field, word), weight))
    return Query.disjunction_max_query(found, 0.1)
