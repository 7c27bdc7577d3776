"""What must hold of a repository, as a query of the index that gives no score."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import FieldType, Occur, Query

from hub.accounts.viewer import Viewer
from hub.catalog.models import RepoKind
from hub.catalog.query import SearchQuery
from hub.catalog.search.documents import PUBLIC, result_term

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


def public(schema: tantivy.Schema) -> Query:
    return one_of(schema, "sees", [PUBLIC])


def private(schema: tantivy.Schema, viewer: Viewer) -> Query | None:
    """The private repositories that the viewer may see, as `Repo.objects.visible_to` says it; None where there is none.

    Not for administrators, who see everything.
    """
    if not viewer.roles:
        return None
    opened = one_of(schema, "sees", [f"ns:{namespace}" for namespace in viewer.roles])
    if viewer.only_repositories is None:
        return opened
    return all_of([opened, one_of(schema, "sees", [f"repo:{public_id}" for public_id in viewer.only_repositories])])


def visible(schema: tantivy.Schema, viewer: Viewer) -> Query | None:
    """None: everything."""
    if viewer.is_admin:
        return None
    own = private(schema, viewer)
    return public(schema) if own is None else any_of([public(schema), own])


def scope(schema: tantivy.Schema, viewer: Viewer, kind: str | None) -> Query:
    """What of this kind, or of all, the viewer may see."""
    kinds = one_of(schema, "kind", [kind] if kind else list(KINDS))
    seen = visible(schema, viewer)
    return unscored(all_of([kinds, seen] if seen else [kinds]))


def conditions(schema: tantivy.Schema, query: SearchQuery) -> list[Query]:
    """Chosen values, tags, ranges and benchmark: whatever of the search is neither kind nor text."""
    found = [_chosen(schema, name, values) for name, values in query.chosen.items() if values]
    found += [one_of(schema, "tag", [tag.casefold()]) for tag in query.tags]
    found += [_range(schema, name, *bounds) for name, bounds in query.ranges.items()]
    if query.benchmark:
        found.append(_result(schema, query.benchmark, query.score_min))
    return found


def _chosen(schema: tantivy.Schema, name: str, values: Sequence[str]) -> Query:
    field = "owner" if name == "owner" else f"is_{name}"
    return one_of(schema, field, [value.casefold() for value in values])


def _range(schema: tantivy.Schema, field: str, least: int | None, most: int | None) -> Query:
    return Query.range_query(schema, field, FieldType.Unsigned, least, most)


def _result(schema: tantivy.Schema, benchmark: str, least: float | None) -> Query:
    """The index has no ranges of texts, so a pattern says which hex digits are no less than the value's."""
    digits = result_term(benchmark, float("-inf") if least is None else least)
    name, value = digits[:16], digits[16:]
    more = [f"{value[:at]}[{_HEX[_HEX.index(digit) + 1 :]}].*" for at, digit in enumerate(value) if digit != "f"]
    return Query.regex_query(schema, "result", f"{name}({'|'.join([value, *more])})")
