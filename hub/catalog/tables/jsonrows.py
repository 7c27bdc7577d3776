"""JSON lines, and a JSON file that is one list of objects."""

import json
from typing import Any

from hub.catalog.errors import BadTable
from hub.catalog.tables import Column, Cursor, Read, Table

MAX_PAGE = 1_000_000
MAX_COLUMNS = 500
_NAMES = {bool: "true or false", int: "whole number", float: "number", str: "text", list: "list", dict: "object"}


def read_json_lines(path: str, size: int, read: Read, *, at: Cursor, limit: int) -> Table:
    """An object a line, from `at`."""
    data = read(at.byte, min(size - at.byte, MAX_PAGE))
    is_whole = at.byte + len(data) >= size
    records: list[Any] = []
    end = at.byte
    for line in data.splitlines(keepends=True):
        if not is_whole and end + len(line) == at.byte + len(data) and not line.endswith((b"\n", b"\r")):
            break
        end += len(line)
        if line.strip():
            records.append(parsed(path, line))
        if len(records) == limit:
            break
    if not records and end < size:
        raise BadTable(f"{path} has a line of more than {MAX_PAGE:,} bytes.")
    more = Cursor(at.row + len(records), end) if end < size else None
    return _table(records, at, more, None if more or at.byte else len(records))


def read_json_list(path: str, size: int, read: Read, *, at: Cursor, limit: int) -> Table:
    """A file of up to `MAX_PAGE` bytes that is a list of objects."""
    if size > MAX_PAGE:
        raise BadTable(f"{path} is one JSON value of {size:,} bytes; as JSON lines it could be read row by row.")
    records = parsed(path, read(0, size))
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise BadTable(f"{path} is not a list of objects.")
    stop = at.row + limit
    return _table(records[at.row : stop], at, Cursor(stop) if stop < len(records) else None, len(records))


def parsed(path: str, data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise BadTable(f"{path} is not valid JSON: {str(error)[:100]}.") from error


def _table(records: list[Any], at: Cursor, more: Cursor | None, total: int | None) -> Table:
    """Records that are no objects stand in a column of their own."""
    objects = [record if isinstance(record, dict) else {"value": record} for record in records]
    names = list(dict.fromkeys(name for record in objects for name in record))[:MAX_COLUMNS]
    columns = tuple(Column(name, _type([record.get(name) for record in objects])) for name in names)
    return Table(columns, tuple(tuple(record.get(name) for name in names) for record in objects), at, more, total)


def _type(values: list[Any]) -> str:
    kinds = {_NAMES.get(type(value), "text") for value in values if value is not None}
    if kinds == {"whole number", "number"}:
        return "number"
    return "empty" if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"
