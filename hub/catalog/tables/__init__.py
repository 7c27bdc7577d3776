"""Rows of tabular files, a page at a time, without reading the whole file. Files come from strangers: each reader
bounds what it reads, unpacks and keeps, and raises `BadTable` for what it can't read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Read = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Column:
    """`type` in words: text, int64, list of float. `fault` says why its cells are not shown."""

    name: str
    type: str
    fault: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page of rows starts: the number of its first row, and for text files the byte at which that begins."""

    row: int = 0
    byte: int = 0


@dataclass(frozen=True)
class Table:
    """Some rows of a file. `total` is None where nobody knows without reading it all, `next` on the last page.

    A cell is plain data: None, a number, a text, bytes, or lists and dicts of these.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    start: Cursor
    next: Cursor | None = None
    total: int | None = None
