"""A Parquet file's footer: its columns, and where the row groups lie.

https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift names the numbers used here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.catalog.errors import BadTable
from hub.catalog.tables import Read
from hub.catalog.tables.parquet.thrift import Reader

MAGIC = b"PAR1"
MAX_FOOTER = 8_000_000
MAX_NODES = 5_000
_MAX_DEPTH = 24
_OPTIONAL, _REPEATED = 1, 2
_PHYSICAL = ("true or false", "int32", "int64", "timestamp", "float", "double", "bytes", "bytes")
_CONVERTED = {0: "text", 4: "text", 5: "decimal", 6: "date", 7: "time", 8: "time", 9: "timestamp", 10: "timestamp"}
_CONVERTED |= {11: "uint8", 12: "uint16", 13: "uint32", 14: "uint64", 15: "int8", 16: "int16", 19: "text"}
_LOGICAL = {1: "text", 4: "text", 5: "decimal", 6: "date", 7: "time", 8: "timestamp", 12: "text", 14: "uuid"}
_LOGICAL |= {15: "half"}
_LIST, _MAPS = 3, {1, 2}


@dataclass(frozen=True)
class Node:
    """A field of the schema. `definition` and `repetition` are the levels at which it is there and repeats."""

    name: str
    is_optional: bool
    is_repeated: bool
    definition: int
    repetition: int
    element: dict[int, Any]
    children: tuple["Node", ...] = ()

    @property
    def is_leaf(self) -> bool:
        return not self.children

    @property
    def is_list(self) -> bool:
        return self._is(3, {_LIST}) and len(self.children) == 1 and self.children[0].is_repeated

    @property
    def is_map(self) -> bool:
        return self._is(2, _MAPS) and len(self.children) == 1 and len(self.children[0].children) == 2

    def _is(self, logical: int, converted: set[int]) -> bool:
        return logical in (self.element.get(10) or {}) or self.element.get(6) in converted

    @property
    def type(self) -> str:
        """The type in words."""
        if self.is_list:
            (inner,) = self.children
            item = inner.children[0] if len(inner.children) == 1 else inner
            return f"list of {item.bare_type}"
        return f"list of {self.bare_type}" if self.is_repeated else self.bare_type

    @property
    def bare_type(self) -> str:
        if self.is_list:
            return self.type
        if self.is_map:
            return "map"
        if self.children:
            return "struct"
        logical = next((_LOGICAL[kind] for kind in self.element.get(10) or {} if kind in _LOGICAL), "")
        return logical or _CONVERTED.get(self.element.get(6, -1), "") or _PHYSICAL[self.physical]

    @property
    def physical(self) -> int:
        kind = self.element.get(1)
        if not isinstance(kind, int) or not 0 <= kind < len(_PHYSICAL):
            raise BadTable("The file has a column of an unknown type.")
        return kind

    def leaves(self) -> Iterator["Node"]:
        if self.is_leaf:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(frozen=True)
class Chunk:
    """One column in one row group: where its pages lie."""

    codec: int
    start: int
    length: int
    values: int


@dataclass(frozen=True)
class Footer:
    fields: tuple[Node, ...]
    groups: tuple[dict[int, Any], ...]
    row_counts: tuple[int, ...] = field(default=())

    @property
    def rows(self) -> int:
        return sum(self.row_counts)


def read_footer(size: int, read: Read) -> Footer:
    if size < 12 or read(size - 4, 4) != MAGIC:
        raise BadTable("This is not a Parquet file, or it is encrypted.")
    length = int.from_bytes(read(size - 8, 4), "little")
    if length > min(size - 12, MAX_FOOTER):
        raise BadTable(f"The file's footer takes {length:,} bytes, more than this hub reads for a page.")
    meta = Reader(read(size - 8 - length, length)).struct()
    try:
        return _footer(meta)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        raise BadTable("The file's footer is damaged.") from error


def chunk_of(group: dict[int, Any], number: int, size: int) -> Chunk:
    """The column of that number in the group."""
    try:
        meta = group[1][number][3]
        dictionary, data = meta.get(11), meta[9]
        start = dictionary if dictionary and dictionary < data else data
        chunk = Chunk(codec=meta[4], start=start, length=meta[7], values=meta[5])
        if group[1][number].get(1) or not (start > 0 and chunk.length >= 0 and start + chunk.length <= size):
            raise BadTable("A column lies outside of the file.")
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadTable("A column's header is damaged.") from error
    return chunk


def _footer(meta: dict[int, Any]) -> Footer:
    elements = meta[2]
    if len(elements) > MAX_NODES:
        raise BadTable(f"The file has more than {MAX_NODES:,} columns.")
    feed = iter(elements)
    root = next(feed)
    fields = tuple(_node(feed, 0, 0, 0) for _ in range(min(root.get(5, 0), MAX_NODES)))
    groups = tuple(meta[4])
    counts = tuple(group[3] for group in groups)
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError("row counts")
    return Footer(fields, groups, counts)


def _node(feed: Iterator[dict[int, Any]], definition: int, repetition: int, depth: int) -> Node:
    element = next(feed, None)
    if element is None or depth > _MAX_DEPTH:
        raise BadTable("The file's schema is damaged or nested too deep.")
    kind = element.get(3, 0)
    definition, repetition = definition + (kind in {_OPTIONAL, _REPEATED}), repetition + (kind == _REPEATED)
    children = tuple(_node(feed, definition, repetition, depth + 1) for _ in range(min(element.get(5) or 0, MAX_NODES)))
    name = element[4].decode("utf-8", "replace")
    return Node(name, kind == _OPTIONAL, kind == _REPEATED, definition, repetition, element, children)
