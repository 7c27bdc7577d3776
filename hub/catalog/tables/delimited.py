"""Comma- and tab-separated values."""

import csv
import re
from collections.abc import Iterator

from hub.catalog.errors import BadTable
from hub.catalog.tables import Column, Cursor, Read, Table

MAX_PAGE = 1_000_000
MAX_COLUMNS = 1_000
_KINDS = (
    ("whole number", re.compile(r"[-+]?\d{1,18}")),
    ("number", re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan|NaN|[-+]?inf")),
    ("true or false", re.compile(r"true|false|True|False|TRUE|FALSE")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?")),
)


def read_delimited(path: str, size: int, read: Read, *, at: Cursor, limit: int) -> Table:
    """Rows from `at`; the first line names the columns. Types are guessed from the rows of this page."""
    separator = "\t" if path.lower().endswith((".tsv", ".tab")) else ","
    first = _Lines(read(0, min(size, MAX_PAGE)), 0, size)
    header = next(_rows(path, first, separator), [])
    lines = first if not at.byte else _Lines(read(at.byte, min(size - at.byte, MAX_PAGE)), at.byte, size)
    found: list[tuple[str, ...]] = []
    end = lines.byte
    for row in _rows(path, lines, separator):
        if lines.is_cut:
            break
        if row:
            found.append(tuple(row[:MAX_COLUMNS]))
        end = lines.byte
        if len(found) == limit:
            break
    if not found and lines.is_cut:
        raise BadTable(f"{path} has a row of more than {MAX_PAGE:,} bytes.")
    more = Cursor(at.row + len(found), end) if end < size else None
    return Table(_columns(header, found), tuple(found), at, more, None if more or at.byte else len(found))


class _Lines:
    """The lines of a part of a file, and the byte behind the last line given; `is_cut` once that one was not whole."""

    def __init__(self, data: bytes, start: int, size: int) -> None:
        self._lines = iter(data.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True))
        self.byte = start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        self._end, self._size = start + len(data), size
        self.is_cut = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.is_cut = self.is_cut or self._end < self._size
            raise StopIteration
        self.byte += len(line)
        self.is_cut = self.byte == self._end < self._size and not line.endswith((b"\n", b"\r"))
        return line.decode("utf-8", "replace").replace("\0", "\ufffd")


def _rows(path: str, lines: _Lines, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error as error:
        raise BadTable(f"{path} can't be read as a table: {error}.") from error


def _columns(header: list[str], rows: list[tuple[str, ...]]) -> tuple[Column, ...]:
    width = max([len(header), *(len(row) for row in rows[:1])], default=0)
    names = [*header, *("" for _ in range(width - len(header)))][:MAX_COLUMNS]
    return tuple(
        Column(name, guessed_type([row[at] for row in rows if at < len(row)])) for at, name in enumerate(names)
    )


def guessed_type(values: list[str]) -> str:
    """What all filled cells look like."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled:
        return "empty"
    return next((name for name, look in _KINDS if all(look.fullmatch(value) for value in filled)), "text")
