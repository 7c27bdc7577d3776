"""Tables of FlatBuffers, as far as the messages of Arrow need them. https://flatbuffers.dev/internals/"""

import struct
from typing import Any

from hub.catalog.errors import BadTable

MAX_ITEMS = 10_000


class Flat:
    """A table in `data`: its fields by number. Raises `BadTable` for what points out of the data."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at
        self._fields = at - self._unpack("<i", at)
        self._size = self._unpack("<H", self._fields)

    def number(self, field: int, form: str, default: int = 0) -> int:
        """`form`: as `struct` writes it."""
        at = self._place(field)
        return int(self._unpack(f"<{form}", at)) if at else default

    def table(self, field: int) -> "Flat | None":
        at = self._place(field)
        return Flat(self._data, self._follow(at)) if at else None

    def tables(self, field: int) -> list["Flat"]:
        start, count = self._vector(field)
        return [Flat(self._data, self._follow(start + 4 * number)) for number in range(count)]

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """A vector of structs of two 64-bit numbers."""
        start, count = self._vector(field)
        found = [self._unpack_all("<qq", start + 16 * number) for number in range(count)]
        return [(int(one), int(two)) for one, two in found]

    def text(self, field: int) -> str:
        start, count = self._vector(field)
        return self._data[start : start + count].decode("utf-8", "replace")

    def _vector(self, field: int) -> tuple[int, int]:
        at = self._place(field)
        start = self._follow(at) if at else 0
        count = self._unpack("<I", start) if at else 0
        if count > MAX_ITEMS:
            raise BadTable(f"The file's header has a list of more than {MAX_ITEMS:,} entries.")
        return start + 4, count

    def _place(self, field: int) -> int:
        """Where the field stands; 0 where it isn't said."""
        at = 4 + 2 * field
        offset = self._unpack("<H", self._fields + at) if at + 2 <= self._size else 0
        return self._at + offset if offset else 0

    def _follow(self, at: int) -> int:
        return at + int(self._unpack("<I", at))

    def _unpack(self, form: str, at: int) -> Any:
        return self._unpack_all(form, at)[0]

    def _unpack_all(self, form: str, at: int) -> tuple[Any, ...]:
        if at < 0 or at + struct.calcsize(form) > len(self._data):
            raise BadTable("The file's header is damaged.")
        return struct.unpack_from(form, self._data, at)
