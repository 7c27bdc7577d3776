"""A reader of Parquet files for previews: it reads the footer and those pages that hold the rows asked for.

In place of pyarrow, which takes 170 MB on disk and 51 MiB in every process of the web server, and unpacks what
strangers pushed in C++: this one is bounded in bytes, values and depth at every step, and says what it can't read.
"""

from typing import Any

from hub.catalog.errors import BadTable
from hub.catalog.tables import Column, Cursor, Read, Table
from hub.catalog.tables.parquet.pages import Budget, Item, items
from hub.catalog.tables.parquet.records import rows_of, value_of
from hub.catalog.tables.parquet.schema import Footer, Node, chunk_of, read_footer

MAX_UNPACKED = 48_000_000
MAX_ITEMS = 100_000
MAX_COLUMNS = 1_000


def read_parquet(_path: str, size: int, read: Read, *, at: Cursor, limit: int) -> Table:
    """Rows from `at.row`, of one row group: fewer than `limit` at the end of a group."""
    footer = read_footer(size, read)
    group, skip = _place(footer, at.row)
    count = min(limit, footer.row_counts[group] - skip) if footer.row_counts else 0
    columns, cells = [], []
    budget = Budget(MAX_UNPACKED)
    first = 0
    for field in footer.fields[:MAX_COLUMNS]:
        leaves = list(field.leaves())
        try:
            numbers = range(first, first + len(leaves))
            cells.append(_column(field, footer.groups[group], numbers, size, read, budget, skip, count))
            columns.append(Column(field.name, field.type))
        except BadTable as error:
            cells.append([None] * count)
            columns.append(Column(field.name, _type(field), error.message))
        first += len(leaves)
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    stop = at.row + count
    return Table(tuple(columns), rows, at, Cursor(stop) if count and stop < footer.rows else None, footer.rows)


def _place(footer: Footer, row: int) -> tuple[int, int]:
    """The row group that holds that row, and how many rows of it come before; the end of the last behind them all."""
    for number, count in enumerate(footer.row_counts):
        if row < count:
            return number, row
        row -= count
    return max(len(footer.row_counts) - 1, 0), footer.row_counts[-1] if footer.row_counts else 0


def _column(
    field: Node, group: dict[int, Any], numbers: range, size: int, read: Read, budget: Budget, skip: int, count: int
) -> list[Any]:
    found: dict[int, list[list[Item]]] = {}
    for leaf, number in zip(field.leaves(), numbers, strict=True):
        column: list[Item] = []
        for item in items(leaf, chunk_of(group, number, size), read, budget, skip, count):
            column.append(item)
            if len(column) > MAX_ITEMS:
                raise BadTable(f"This page of rows has more than {MAX_ITEMS:,} values in this column.")
        found[id(leaf)] = rows_of(column)
        if len(found[id(leaf)]) != count:
            raise BadTable("The column ends too early.")
    return [value_of(field, {leaf: rows[at] for leaf, rows in found.items()}) for at in range(count)]


def _type(field: Node) -> str:
    try:
        return field.type
    except BadTable:
        return "unknown"
