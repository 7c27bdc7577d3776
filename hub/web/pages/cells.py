"""Cells of tables that strangers made, as short text."""

import json
from dataclasses import dataclass
from typing import Any

from hub.catalog.tables import Table
from hub.core.text import storable
from hub.web.pages import words

MAX_TEXT = 600
MAX_COLUMNS = 100


@dataclass(frozen=True)
class Cell:
    text: str
    is_number: bool = False
    is_missing: bool = False


@dataclass(frozen=True)
class Head:
    name: str
    type: str
    fault: str


@dataclass(frozen=True)
class Grid:
    """A table as it is printed; `note` says which rows and columns these are."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    note: str


def grid(table: Table) -> Grid:
    heads = tuple(Head(storable(column.name), column.type, column.fault) for column in table.columns[:MAX_COLUMNS])
    rows = tuple(
        (number, tuple(cell(value) for value in row[:MAX_COLUMNS]))
        for number, row in enumerate(table.rows, table.start.row + 1)
    )
    return Grid(heads, rows, _note(table))


def cell(value: Any) -> Cell:
    if value is None or value == "":
        return Cell("", is_missing=True)
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if isinstance(value, int):
        return Cell(str(value) if value.bit_length() < 1_000 else "a number too long to show", is_number=True)
    if isinstance(value, float):
        return Cell(f"{value:.7g}", is_number=True)
    if isinstance(value, bytes):
        return Cell(f"{words.size(len(value))} of bytes")
    return Cell(_cut(value if isinstance(value, str) else _json(value)))


def _json(value: Any) -> str:
    try:
        return json.dumps(_light(value), ensure_ascii=False)
    except (ValueError, RecursionError):
        return "nested too deep to show"


def _light(value: Any, depth: int = 0) -> Any:
    """The beginning of a nested value: what will be cut off anyway isn't written."""
    if isinstance(value, bytes):
        return f"{words.size(len(value))} of bytes"
    if isinstance(value, str) or depth > 20:
        return value[:MAX_TEXT] if isinstance(value, str) else "…"
    if isinstance(value, list):
        return [_light(item, depth + 1) for item in value[:50]] + (["…"] if len(value) > 50 else [])
    if isinstance(value, dict):
        return {str(key)[:100]: _light(item, depth + 1) for key, item in list(value.items())[:50]}
    if isinstance(value, float):
        return float(f"{value:.5g}")
    return value if value is None or isinstance(value, bool | int) else str(value)


def _cut(text: str) -> str:
    """JSON can write halves of surrogate pairs, which no page can be sent with."""
    return storable(text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text):,} characters)")


def _note(table: Table) -> str:
    count, first = len(table.rows), table.start.row + 1
    shown = f"Rows {first:,} to {first + count - 1:,}" if count else "No rows"
    total = f" of {table.total:,}" if table.total is not None and count else ""
    hidden = f"; the first {MAX_COLUMNS} of {len(table.columns)} columns" if len(table.columns) > MAX_COLUMNS else ""
    return shown + total + hidden
