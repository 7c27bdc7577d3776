"""What was typed, as a query of the index: every word must match somewhere. No text is an error."""

from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, any_of
from hub.catalog.search.folding import fold, trigrams, words_of
from hub.catalog.search.schema import WORDS

# The rest of a longer text is not looked at.
MAX_WORDS = 20
# What a match counts, by where it is: as a word, and as the beginning of one.
_WEIGHTS = {"name": (8.0, 4.0), "tags": (3.0, 1.5), "author": (2.0, 1.5), "summary": (2.0, 1.0), "prose": (1.0, 0.5)}
_INSIDE, _TYPO = 2.0, 1.0
# Far more than words can give: who types a name means it.
_VERY_NAME, _NAME_STARTS = 2000.0, 200.0
# Shorter beginnings are in nearly every card.
_LEAST_IN_PROSE = 3
_LONGEST_INSIDE = 40


@dataclass(frozen=True)
class Typed:
    """The words, folded, the last of which may be unfinished, and all of it as if it were one name."""

    words: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, text: str) -> "Typed":
        return cls(tuple(words_of(text)[:MAX_WORDS]), fold(text).strip())


def text_query(index: OpenIndex, typed: Typed, scope: Query) -> Query:
    """The words' query, with scores. A word that nothing in `scope` (who may see what) has may have typos in it."""
    schema = index.schema
    if not typed.words:
        return Query.empty_query()
    words = [_word(schema, word, is_last=word == typed.words[-1]) for word in typed.words]
    if not index.count(all_of([scope, *words])):
        words = [
            query if index.count(all_of([scope, query])) else any_of([query, typo(schema, word)])
            for word, query in zip(typed.words, words, strict=True)
        ]
    return Query.boolean_query([*((Occur.Must, word) for word in words), (Occur.Should, very_name(index, typed.whole))])


def starts(schema: tantivy.Schema, field: str, word: str) -> Query:
    return Query.fuzzy_term_query(schema, field, word, distance=0, prefix=True)


def typo(schema: tantivy.Schema, word: str, *, prefix: bool = False) -> Query:
    """Names with the word misspelt: one letter from four on, two from eight on."""
    if len(word) < 4:
        return Query.empty_query()
    query = Query.fuzzy_term_query(schema, "name", word, distance=1 if len(word) < 8 else 2, prefix=prefix)
    return Query.boost_query(query, _TYPO)


def _word(schema: tantivy.Schema, word: str, *, is_last: bool) -> Query:
    found = [inside(schema, word)] if len(word) >= 3 else []
    for field in WORDS:
        whole, start = _WEIGHTS[field]
        found.append(Query.boost_query(Query.term_query(schema, field, word, "freq"), whole))
        if is_last and (field != "prose" or len(word) >= _LEAST_IN_PROSE):
            found.append(Query.boost_query(starts(schema, field, word), start))
    return Query.disjunction_max_query(found, 0.1)


def inside(schema: tantivy.Schema, word: str) -> Query:
    """Full names that have all three-letter pieces of the word."""
    pieces = dict.fromkeys(trigrams().analyze(word[:_LONGEST_INSIDE]))
    return Query.const_score_query(
        all_of(Query.term_query(schema, "grams", piece, "basic") for piece in pieces), _INSIDE
    )


def very_name(index: OpenIndex, whole: str) -> Query:
    """Repositories called so, or whose names begin so."""
    very = Query.const_score_query(Query.term_query(index.schema, "spelled", whole, "basic"), _VERY_NAME)
    begun = Query.const_score_query(starts(index.schema, "spelled", whole), _NAME_STARTS)
    return Query.disjunction_max_query([very, begun])
