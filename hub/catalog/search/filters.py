"""What must hold of a repository, as a query of the index that gives no score."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import FieldType, Occur, Query

from hub.accounts.viewer import Viewer
from hub.catalog.models import RepoKind
from hub.catalog.query import SearchQuery
from hub.catalog.search.documents import PUBLIC, result_term, sees

KINDS = tuple(RepoKind.values)
_HEX = "0123456789abcdef"


def all_of(queries: Iterable[Query]) -> Query:
    """Each must match; their scores add up."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def one_of(schema: tantivy.Schema, field: str, values: Sequence[str]) -> Query:
    if len(values) == 1:
        return Query.term_query(schema, field, values[0], "basic")
    return Query.term_set_query(schema, field, list(values))


def public(schema: tantivy.Schema, kinds: Sequence[str]) -> Query:
    return one_of(schema, "sees", [sees(kind) for kind in kinds])


def private(schema: tantivy.Schema, viewer: Viewer, kinds: Sequence[str]) -> Query | None:
    """What the viewer may see of private ones, as `Repo.objects.visible_to` says it; None for nothing."""
    if viewer.is_admin:
        every = one_of(schema, "kind", kinds)
        return Query.boolean_query([(Occur.Must, every), (Occur.MustNot, public(schema, kinds))])
    if not viewer.roles:
        return None
    opened = _seen_by(schema, kinds, [f"ns:{namespace}" for namespace in viewer.roles])
    if viewer.only_repositories is None:
        return opened
    return all_of([opened, _seen_by(schema, kinds, [f"repo:{public_id}" for public_id in viewer.only_repositories])])


def scope(schema: tantivy.Schema, viewer: Viewer, kind: str | None) -> Query:
    """What of this kind, or of all, the viewer may see. Every search is within it."""
    kinds = [kind] if kind else list(KINDS)
    if viewer.is_admin:
        return unscored(one_of(schema, "kind", kinds))
    if viewer.only_repositories is None:
        names = [PUBLIC, *(f"ns:{namespace}" for namespace in viewer.roles)]
        return unscored(_seen_by(schema, kinds, names))
    own = private(schema, viewer, kinds)
    return unscored(any_of([public(schema, kinds), *([own] if own else [])]))


def _seen_by(schema: tantivy.Schema, kinds: Sequence[str], names: Sequence[str]) -> Query:
    return one_of(schema, "sees", [sees(kind, name) for kind in kinds for name in names])


def conditions(schema: tantivy.Schema, query: SearchQuery) -> list[Query]:
    """Chosen values, tags, ranges and benchmark: whatever of the search is neither kind nor text."""
    found = [value_of(schema, name, *values) for name, values in query.chosen.items() if values]
    found += [one_of(schema, "tag", [tag.casefold()]) for tag in query.tags]
    found += [_range(schema, name, *bounds) for name, bounds in query.ranges.items()]
    if query.benchmark:
        found.append(_result(schema, query.benchmark, query.score_min))
    return found


def value_of(schema: tantivy.Schema, facet: str, *values: str) -> Query:
    """Any of these values of the facet."""
    field = "owner" if facet == "owner" else f"is_{facet}"
    return one_of(schema, field, [value.casefold() for value in values])


def _range(schema: tantivy.Schema, field: str, least: int | None, most: int | None) -> Query:
    return Query.range_query(schema, field, FieldType.Unsigned, least, most)


def _result(schema: tantivy.Schema, benchmark: str, least: float | None) -> Query:
    """The index has no ranges of texts, so a pattern says which hex digits are no less than the value's."""
    digits = result_term(benchmark, float("-inf") if least is None else least)
    name, value = digits[:16], digits[16:]
    more = [f"{value[:at]}[{_HEX[_HEX.index(digit) + 1 :]}].*" for at, digit in enumerate(value) if digit != "f"]
    return Query.regex_query(schema, "result", f"{name}({'|'.join([value, *more])})")
