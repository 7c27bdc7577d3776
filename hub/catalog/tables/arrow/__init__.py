"""A reader of Arrow streams and files (as `datasets` saves them) for previews: of a batch of rows it reads those parts
that hold the rows asked for. Own, and bounded at every step, for the reasons that the one of Parquet has."""

from hub.catalog.errors import BadTable
from hub.catalog.tables import Column, Cursor, Read, Table
from hub.catalog.tables.arrow.batches import Batch
from hub.catalog.tables.arrow.messages import BATCH, SCHEMA, Message, messages
from hub.catalog.tables.arrow.schema import Field, fields

MAX_COLUMNS = 1_000


def read_arrow(path: str, size: int, read: Read, *, at: Cursor, limit: int) -> Table:
    """Rows from `at.row`, of one batch: fewer than `limit` at the end of a batch."""
    schema: tuple[Field, ...] | None = None
    chosen, skip, total = None, 0, 0
    for message in messages(size, read):
        if message.kind == SCHEMA and schema is None:
            schema = fields(message.header)
        if message.kind == BATCH:
            rows = message.header.number(0, "q")
            if chosen is None and total <= at.row < total + rows:
                chosen, skip = message, at.row - total
            total += max(rows, 0)
    if schema is None:
        raise BadTable(f"{path} is no stream of Arrow.")
    return _table(schema, chosen, read, at, skip, limit, total)


def _table(
    schema: tuple[Field, ...], chosen: Message | None, read: Read, at: Cursor, skip: int, limit: int, total: int
) -> Table:
    columns, cells = [], []
    batch = Batch(chosen, read) if chosen else None
    count = min(limit, batch.rows - skip) if batch else 0
    for field in schema[:MAX_COLUMNS]:
        try:
            cells.append(batch.values(field, skip, count) if batch else [])
            columns.append(Column(field.name, field.type))
        except BadTable as error:
            cells.append([None] * count)
            columns.append(Column(field.name, field.type, error.message))
    rows = tuple(zip(*cells, strict=True)) if cells else ()
    stop = at.row + count
    return Table(tuple(columns), rows, at, Cursor(stop) if count and stop < total else None, total)
