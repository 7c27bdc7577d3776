"""What was typed, as a query of the index: every word must match somewhere. No text is an error."""

from dataclasses import dataclass

import tantivy
from tantivy import Query

from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import all_of, any_of, unscored
from hub.catalog.search.folding import MAX_BEGINNING, fold, trigrams, words_of

# The rest of a longer text is not looked at.
MAX_WORDS = 20
# What a word counts by where it stands, beside what it counts for being there; and one that is only begun, or is a
# part of a word, or has a typo.
_WEIGHTS = {"name": 8.0, "tags": 3.0, "author": 2.0, "summary": 2.0}
_BEGUN, _INSIDE, _TYPO = 6.0, 2.0, 1.0
# Far more than words can give: who types a name means it.
_VERY_NAME, _NAME_STARTS = 2000.0, 200.0
# Shorter beginnings are sought in names alone: nearly every card has a word that begins so.
_LEAST_IN_PROSE = 4
_LONGEST_INSIDE = 40
_SOME = 20


@dataclass(frozen=True)
class Typed:
    """The words, folded, the last of which may be unfinished, and all of it as if it were one name."""

    words: tuple[str, ...]
    whole: str

    @classmethod
    def of(cls, text: str) -> "Typed":
        return cls(tuple(words_of(text)[:MAX_WORDS]), fold(text).strip())


def matches(schema: tantivy.Schema, typed: Typed) -> list[Query]:
    """For each word what must match, as long as nothing is misspelt."""
    return [_match(schema, word, is_last=word == typed.words[-1]) for word in typed.words]


def forgiving(index: OpenIndex, typed: Typed, scope: Query) -> list[Query] | None:
    """The same, where a word that nothing in `scope` (who may see what) has may have typos in it; None where all words
    are there."""
    queries = dict(zip(typed.words, matches(index.schema, typed), strict=True))
    unknown = {word for word, query in queries.items() if not _is_there(index, word, query, scope)}
    if not unknown:
        return None
    return [any_of([query, typo(index.schema, word)]) if word in unknown else query for word, query in queries.items()]


def _is_there(index: OpenIndex, word: str, query: Query, scope: Query) -> bool:
    """Whether anything in `scope` matches. Of a common word a few are enough; to count them all takes a hundred times
    as long."""
    some, _ = index.search(_there(index.schema, word), limit=_SOME, count=False)
    keys = index.keys(address for _, address in some)
    among = Query.term_set_query(index.schema, "pk", keys)
    return bool(index.count(all_of([scope, among])) or index.count(all_of([scope, query])))


def scored(schema: tantivy.Schema, typed: Typed) -> list[Query]:
    """What makes a match a better one."""
    found = [
        Query.boost_query(Query.term_query(schema, field, word, "freq"), weight)
        for word in typed.words
        for field, weight in _WEIGHTS.items()
    ]
    found += [_there(schema, word) for word in typed.words]
    found += [inside(schema, word) for word in typed.words if len(word) >= 3]
    return [*found, Query.const_score_query(begins(schema, typed.words[-1]), _BEGUN), very_name(schema, typed.whole)]


def very_name(schema: tantivy.Schema, whole: str) -> Query:
    """Repositories called so, or whose names begin so."""
    very = Query.const_score_query(Query.term_query(schema, "spelled", whole, "basic"), _VERY_NAME)
    return Query.disjunction_max_query([very, Query.const_score_query(opens(schema, whole), _NAME_STARTS)])


def opens(schema: tantivy.Schema, whole: str) -> Query:
    """Names that begin so, with or without the owner's."""
    return _beginning(schema, "opens", "spelled", whole)


def begins(schema: tantivy.Schema, word: str) -> Query:
    """Names with a word that begins so."""
    return _beginning(schema, "begins", "name", word)


def inside(schema: tantivy.Schema, word: str) -> Query:
    """Full names that have all three-letter pieces of the word."""
    pieces = dict.fromkeys(trigrams().analyze(word[:_LONGEST_INSIDE]))
    return Query.const_score_query(
        all_of(Query.term_query(schema, "grams", piece, "basic") for piece in pieces), _INSIDE
    )


def typo(schema: tantivy.Schema, word: str, *, prefix: bool = False) -> Query:
    """Names with the word misspelt: one letter from four on, two from eight on."""
    if len(word) < 4:
        return Query.empty_query()
    query = Query.fuzzy_term_query(schema, "name", word, distance=1 if len(word) < 8 else 2, prefix=prefix)
    return Query.boost_query(query, _TYPO)


def _match(schema: tantivy.Schema, word: str, *, is_last: bool) -> Query:
    """Without a score, which would have to be worked out for each match: see `scored`."""
    found = [inside(schema, word)] if len(word) >= 3 else []
    if is_last:
        found.append(begins(schema, word))
    is_begun = is_last and len(word) >= _LEAST_IN_PROSE
    found.append(_starts(schema, "all", word) if is_begun else _there(schema, word))
    return unscored(any_of(found))


def _there(schema: tantivy.Schema, word: str) -> Query:
    return Query.term_query(schema, "all", word, "freq")


def _beginning(schema: tantivy.Schema, pieces: str, whole: str, text: str) -> Query:
    """A term where beginnings of that length are kept, else a look through the words themselves."""
    if len(text) <= MAX_BEGINNING:
        return Query.term_query(schema, pieces, text, "basic")
    return _starts(schema, whole, text)


def _starts(schema: tantivy.Schema, field: str, text: str) -> Query:
    return Query.fuzzy_term_query(schema, field, text, distance=0, prefix=True)
