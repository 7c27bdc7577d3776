"""Queries whose SQL is built once, for where building takes longer than answering."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

_FIRST = 2_000_000_000
Row = tuple[Any, ...]
_Converters = Sequence[tuple[int, tuple[list[Callable[..., Any]], Any]]]


@dataclass(frozen=True)
class _Built:
    """`order`: which of the values a parameter is; None for one that is always the same."""

    sql: str
    params: tuple[Any, ...]
    order: tuple[int | None, ...]
    converters: _Converters


class Prepared:
    """Rows of a `values_list` query. `build` gets a stand-in for each value (a number, a text, or a list of one of
    these) and gives the query, which must have every stand-in as it is. An empty list finds nothing."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._built: dict[Hashable, _Built] = {}

    def __call__(self, *values: int | str | list[int] | list[str]) -> list[Row]:
        if [] in values:
            return []
        shape = tuple((type(each[0]), len(each)) if isinstance(each, list) else type(each) for each in values)
        if (found := self._built.get(shape)) is None:
            found = self._built[shape] = _built(self._build, values)
        flat = [*_flat(values)]
        params = [found.params[at] if place is None else flat[place] for at, place in enumerate(found.order)]
        with connection.cursor() as cursor:
            cursor.execute(found.sql, params)
            return [_converted(row, found.converters) for row in cursor.fetchall()]


def instance(model: type[Model], fields: Sequence[str], values: Sequence[Any]) -> Any:
    """A row as its model; what isn't among these columns is read when it is asked for."""
    given = dict(zip(fields, values, strict=True))
    # In the order that the model has them: `from_db` looks at no name.
    named = {each.attname: given[each.attname] for each in model._meta.concrete_fields if each.attname in given}
    return model.from_db(connection.alias, [*named], [*named.values()])


def _built(build: Callable[..., QuerySet[Any, Any]], values: Sequence[Any]) -> _Built:
    counted = iter(range(_FIRST, _FIRST + 100_000))
    asked = [[_stand_in(each, next(counted)) for each in _flat([value])] for value in values]
    places = {value: at for at, value in enumerate(_flat(asked))}
    given = (own if isinstance(value, list) else own[0] for own, value in zip(asked, values, strict=True))
    compiler = build(*given).query.get_compiler(connection.alias)
    sql, params = compiler.as_sql()
    order = tuple(places.get(each) if isinstance(each, int | str) else None for each in params)
    if missing := places.keys() - set(params):
        raise ValueError(f"The query doesn't take {len(missing)} of its values as they are")
    converters = compiler.get_converters([column for column, _, _ in compiler.select])
    return _Built(sql, tuple(params), order, tuple(converters.items()))


def _stand_in(value: int | str, number: int) -> int | str:
    return f"\x01{number}" if isinstance(value, str) else number


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else (value,)


def _converted(row: Row, converters: _Converters) -> Row:
    cells: list[Any] = list(row)
    for at, (convert, column) in converters:
        for one in convert:
            cells[at] = one(cells[at], column, connection)
    return (*cells,)
