"""The cells of a batch of rows. Each field has a node and some buffers, in the order of the schema."""

from itertools import pairwise
from typing import Any

import numpy as np

from hub.catalog.errors import BadTable
from hub.catalog.tables import Read
from hub.catalog.tables.arrow.messages import Message
from hub.catalog.tables.arrow.schema import BINARY, BOOL, FIXED, FIXED_LIST, LIST, MAP, STRUCT, TEXT, Field

MAX_BYTES = 48_000_000
MAX_VALUES = 100_000


class Batch:
    """Its columns are read in the order of the schema, each once."""

    def __init__(self, message: Message, read: Read) -> None:
        self.rows = message.header.number(0, "q")
        self._nodes, self._buffers = message.header.pairs(1), message.header.pairs(2)
        self._is_packed = message.header.table(3) is not None
        self._message, self._read, self._left = message, read, MAX_BYTES
        self._node = self._buffer = 0
        self._is_lost = False

    def values(self, field: Field, start: int, count: int) -> list[Any]:
        """Of rows `start` to `start + count`. Raises `BadTable` for what isn't read."""
        if self._is_packed:
            raise BadTable("The rows are compressed, which is not read here.")
        if self._is_lost:
            raise BadTable("It stands behind a column whose type is not read here.")
        node, buffer = self._node, self._buffer
        try:
            self._node, self._buffer = _behind(field, node, buffer)
        except BadTable:
            self._is_lost = True
            raise
        return self._cells(field, node, buffer, start, count)

    def _cells(self, field: Field, node: int, buffer: int, start: int, count: int) -> list[Any]:
        if node >= len(self._nodes) or start < 0 or count < 0 or start + count > self._nodes[node][0]:
            raise BadTable("The column ends too early.")
        if count > MAX_VALUES:
            raise BadTable(f"This page of rows has more than {MAX_VALUES:,} values in this column.")
        found = self._content(field, node, buffer, start, count)
        if not self._nodes[node][1]:
            return found
        known = self._bits(buffer, start, count)
        return [value if is_known else None for value, is_known in zip(found, known, strict=True)]

    def _content(self, field: Field, node: int, buffer: int, start: int, count: int) -> list[Any]:
        if field.kind == BOOL:
            return [bool(each) for each in self._bits(buffer + 1, start, count)]
        if field.kind == FIXED:
            data = self._bytes(buffer + 1, start * field.width, count * field.width)
            return [data[row * field.width : (row + 1) * field.width] for row in range(count)]
        if field.kind == STRUCT:
            return self._objects(field, node + 1, buffer + 1, start, count)
        if field.kind == FIXED_LIST:
            width = field.width
            items = self._cells(field.children[0], node + 1, buffer + 1, start * width, count * width)
            return [items[row * width : (row + 1) * width] for row in range(count)]
        if field.kind in (TEXT, BINARY, LIST, MAP):
            return self._varying(field, node, buffer, start, count)
        return self._numbers(buffer + 1, field.kind, start, count).tolist()

    def _objects(self, field: Field, node: int, buffer: int, start: int, count: int) -> list[Any]:
        columns = []
        for child in field.children:
            columns.append(self._cells(child, node, buffer, start, count))
            node, buffer = _behind(child, node, buffer)
        names = [child.name for child in field.children]
        return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] or [{} for _ in range(count)]

    def _varying(self, field: Field, node: int, buffer: int, start: int, count: int) -> list[Any]:
        """Texts, bytes and lists: each from one offset to the next."""
        if not count:
            return []
        ends = self._numbers(buffer + 1, "int64" if field.is_large else "int32", start, count + 1).tolist()
        if any(one > other for one, other in pairwise(ends)):
            raise BadTable("The column is damaged.")
        first, size = ends[0], ends[-1] - ends[0]
        if field.kind in (LIST, MAP):
            items: Any = self._cells(field.children[0], node + 1, buffer + 2, first, size)
        else:
            items = self._bytes(buffer + 2, first, size)
        parts = [items[one - first : other - first] for one, other in pairwise(ends)]
        return [part.decode("utf-8", "replace") for part in parts] if field.kind == TEXT else parts

    def _numbers(self, buffer: int, kind: str, start: int, count: int) -> np.ndarray:
        form = np.dtype(kind).newbyteorder("<")
        return np.frombuffer(self._bytes(buffer, start * form.itemsize, count * form.itemsize), form)

    def _bits(self, buffer: int, start: int, count: int) -> list[int]:
        data = self._bytes(buffer, start // 8, (start % 8 + count + 7) // 8)
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return [int(each) for each in bits[start % 8 : start % 8 + count]]

    def _bytes(self, buffer: int, start: int, count: int) -> bytes:
        offset, length = self._buffers[buffer] if buffer < len(self._buffers) else (0, 0)
        if offset < 0 or start < 0 or count < 0 or start + count > length or offset + length > self._message.length:
            raise BadTable("The column ends too early.")
        self._left -= count
        if self._left < 0:
            raise BadTable(f"This page of rows has more than {MAX_BYTES:,} bytes.")
        data = self._read(self._message.body + offset + start, count) if count else b""
        if len(data) != count:
            raise BadTable("The file ends too early.")
        return data


def _behind(field: Field, node: int, buffer: int) -> tuple[int, int]:
    """The node and the buffer after this field's. Raises `BadTable` for a kind whose buffers nobody knows here."""
    if not field.kind or (field.kind in (LIST, FIXED_LIST, MAP) and len(field.children) != 1):
        raise BadTable("Its type is not read here.")
    own = {TEXT: 3, BINARY: 3, STRUCT: 1, FIXED_LIST: 1}.get(field.kind, 2)
    node, buffer = node + 1, buffer + own
    for child in field.children:
        node, buffer = _behind(child, node, buffer)
    return node, buffer
