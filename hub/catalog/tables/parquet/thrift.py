"""The compact protocol of Thrift, as far as Parquet's headers need it. Structs are dicts by field number.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

import struct
from typing import Any

from hub.catalog.errors import BadTable

_MAX_DEPTH = 32
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12


class Reader:
    """Reads from `data`; `at` is where it stands. Raises `BadTable` behind the end of the data."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def struct(self, depth: int = 0) -> dict[int, Any]:
        if depth > _MAX_DEPTH:
            raise BadTable("The file's header is nested too deep.")
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            found[field] = self._value(head & 15, depth)
        return found

    def _value(self, kind: int, depth: int) -> Any:  # noqa: PLR0911 - one for each kind
        if kind in {_TRUE, _FALSE}:
            return kind == _TRUE
        if kind == _BYTE:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._number()
        if kind == _DOUBLE:
            return struct.unpack("<d", self.take(8))[0]
        if kind == _BINARY:
            return self.take(self.varint())
        if kind in {_LIST, _SET}:
            return self._list(depth)
        if kind == _MAP:
            return self._map(depth)
        if kind == _STRUCT:
            return self.struct(depth + 1)
        raise BadTable(f"The file's header has a field of the unknown kind {kind}.")

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        count, kind = head >> 4, head & 15
        if count == 15:
            count = self.varint()
        # Each element takes a byte at least, but for these two kinds only in a list.
        self._check(count)
        if kind in {_TRUE, _FALSE}:
            return [self._byte() == _TRUE for _ in range(count)]
        return [self._value(kind, depth + 1) for _ in range(count)]

    def _map(self, depth: int) -> dict[Any, Any]:
        count = self.varint()
        if not count:
            return {}
        self._check(count)
        kinds = self._byte()
        pairs = [(self._value(kinds >> 4, depth + 1), self._value(kinds & 15, depth + 1)) for _ in range(count)]
        return {key if isinstance(key, int | bytes) else str(key): value for key, value in pairs}

    def take(self, count: int) -> bytes:
        self._check(count)
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
        raise BadTable("The file's header has a number that never ends.")

    def _number(self) -> int:
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def _byte(self) -> int:
        self._check(1)
        self.at += 1
        return self.data[self.at - 1]

    def _check(self, count: int) -> None:
        if self.at + count > len(self.data):
            raise BadTable("The file's header ends too early.")
