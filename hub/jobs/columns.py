"""Which columns of a data set a recipe reads: guessed by their names and types, and checked. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from hub.catalog.tables import Column
from hub.jobs.faults import Fault
from workers.contract import Code, ColumnRole

# What a column may hold, by the role's type; a type that isn't here takes anything.
_TAKES: dict[str, frozenset[str]] = {
    "text": frozenset({"text"}),
    "texts": frozenset({"list", "text"}),
    "label": frozenset({"text", "number", "flag"}),
    "labels": frozenset({"list", "text"}),
    "number": frozenset({"number", "flag"}),
    "image": frozenset({"bytes", "struct", "text", "list", "number"}),
    "audio": frozenset({"bytes", "struct", "text", "list"}),
    "boxes": frozenset({"struct", "list", "text"}),
    "id": frozenset({"text", "number"}),
    "time": frozenset({"text", "number", "time"}),
}
_SORTS = (
    ("list", ("list",)),
    ("struct", ("struct", "map", "object")),
    ("bytes", ("bytes", "binary")),
    ("flag", ("bool", "true")),
    ("time", ("date", "time")),
    ("number", ("int", "uint", "float", "double", "half", "decimal", "number", "whole")),
    ("text", ("text", "string", "json", "enum", "uuid")),
)


@dataclass(frozen=True)
class Mapped:
    """`columns` by role as the order has them; `rows`: the first rows, a value by role. `faults` say what can't be."""

    columns: dict[str, str]
    rows: tuple[dict[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()


def sort_of(type_name: str) -> str:
    """The sort of values behind a reader's word for a type: list, struct, bytes, flag, time, number, text; or any."""
    low = type_name.lower()
    return next((sort for sort, starts in _SORTS if low.startswith(starts)), "any")


def fits(role: ColumnRole, column: Column) -> bool:
    sort = sort_of(column.type)
    return sort == "any" or sort in _TAKES.get(role.type, {sort})


def is_pattern(name: str) -> bool:
    return "*" in name


def named(pattern: str, columns: Sequence[Column], *, without: Iterable[str] = ()) -> list[Column]:
    """The columns that a mapping's value means, in their order: one by its name, or those that fit a pattern with `*`,
    less the ones that other roles took."""
    exact = [column for column in columns if column.name == pattern]
    if exact or not is_pattern(pattern):
        return exact
    taken = set(without)
    return [column for column in columns if column.name not in taken and fnmatchcase(column.name, _literal(pattern))]


def guessed(roles: Sequence[ColumnRole], columns: Sequence[Column], given: Mapping[str, str]) -> dict[str, str]:
    """What was given, and for the other roles the likeliest: by name, then by pattern, then the only one that fits."""
    found = {role: name for role, name in given.items() if name}
    open_roles = [role for role in roles if role.name not in found]
    for role in open_roles:
        _add(found, role, _by_name(role, columns, set(found.values())))
    for role in open_roles:
        if role.name not in found:
            _add(found, role, _by_pattern(role, columns, set(found.values())))
    for role in open_roles:
        if role.name not in found and role.is_required:
            _add(found, role, _by_type(role, columns, found))
    return found


def mapped(
    roles: Sequence[ColumnRole], columns: Sequence[Column], rows: Sequence[Sequence[Any]], given: Mapping[str, str]
) -> Mapped:
    """The mapping with what is wrong about it, and the first rows as the job would see them."""
    chosen = guessed(roles, columns, given)
    meant = {name: named(value, columns, without=_others(chosen, name)) for name, value in chosen.items()}
    faults = (*_unknown(roles, given), *_missing(roles, chosen, meant, columns), *_unfit(roles, meant))
    at = {column.name: number for number, column in enumerate(columns)}
    shown = tuple({name: _value(row, found, at) for name, found in meant.items() if found} for row in rows)
    return Mapped(chosen, shown, faults)


def _literal(pattern: str) -> str:
    """For fnmatch, with `*` alone as a wildcard."""
    return pattern.replace("[", "[[]").replace("?", "[?]")


def _add(found: dict[str, str], role: ColumnRole, name: str) -> None:
    if name:
        found[role.name] = name


def _by_name(role: ColumnRole, columns: Sequence[Column], taken: set[str]) -> str:
    free = {column.name.casefold(): column for column in reversed(columns) if column.name not in taken}
    for guess in (each for each in (*role.guesses, role.name) if not is_pattern(each)):
        column = free.get(guess.casefold())
        if column and fits(role, column):
            return column.name
    return ""


def _by_pattern(role: ColumnRole, columns: Sequence[Column], taken: set[str]) -> str:
    for guess in filter(is_pattern, role.guesses):
        found = named(guess, columns, without=taken)
        if len(found) > 1 and all(fits(role, column) for column in found):
            return guess
        if len(found) == 1 and fits(role, found[0]):
            return found[0].name
    return ""


def _by_type(role: ColumnRole, columns: Sequence[Column], found: Mapping[str, str]) -> str:
    """The one free column of the type; nothing where there are several: a wrong guess costs more than a question."""
    patterns = [value for value in found.values() if is_pattern(value)]
    taken = {*found.values(), *(column.name for each in patterns for column in named(each, columns))}
    free = [column for column in columns if column.name not in taken and fits(role, column)]
    return free[0].name if len(free) == 1 else ""


def _others(chosen: Mapping[str, str], name: str) -> list[str]:
    return [value for role, value in chosen.items() if role != name]


def _unknown(roles: Sequence[ColumnRole], given: Mapping[str, str]) -> Iterator[Fault]:
    names = [role.name for role in roles]
    for name in given:
        if name not in names:
            listed = ", ".join(names) or "none"
            yield Fault("columns", Code.BAD_SPEC, f"There is no role {name!r}.", f"The roles are: {listed}.")


def _missing(
    roles: Sequence[ColumnRole],
    chosen: Mapping[str, str],
    meant: Mapping[str, Sequence[Column]],
    columns: Sequence[Column],
) -> Iterator[Fault]:
    there = ", ".join(column.name for column in columns[:20]) + (" …" if len(columns) > 20 else "")
    for role in roles:
        if role.name in chosen and not meant[role.name]:
            text = f"The data set has no column {chosen[role.name]!r} for {role.title or role.name}."
        elif role.name not in chosen and role.is_required:
            text = f"No column was found for {role.title or role.name}."
        else:
            continue
        yield Fault(f"columns.{role.name}", Code.DATASET_COLUMN_MISSING, text, f"Name one of: {there}.")


def _unfit(roles: Sequence[ColumnRole], meant: Mapping[str, Sequence[Column]]) -> Iterator[Fault]:
    for role in roles:
        for column in meant.get(role.name, ()):
            if not fits(role, column):
                text = (
                    f"The column {column.name!r} holds {column.type}, and {role.title or role.name} takes {role.type}."
                )
                yield Fault(f"columns.{role.name}", Code.DATASET_BAD_VALUE, text, "Name another column.")
                break


def _value(row: Sequence[Any], found: Sequence[Column], at: Mapping[str, int]) -> Any:
    values = [row[at[column.name]] for column in found]
    return values[0] if len(values) == 1 else values
