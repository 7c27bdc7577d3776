"""The pages of one column, unpacked one after the other within bounds."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cramjam
import lz4.block

from hub.catalog.errors import BadTable
from hub.catalog.tables import Read
from hub.catalog.tables.parquet.encodings import MAX_VALUES, decode, plain, runs
from hub.catalog.tables.parquet.schema import Chunk, Node
from hub.catalog.tables.parquet.thrift import Reader

MAX_PAGE = 16_000_000
_MAX_HEADER = 64_000
_STEP = 64_000
_DATA, _INDEX, _DICTIONARY, _DATA_V2 = range(4)
_DICTIONARY_ENCODINGS = {2, 8}
# A level of repetition, one of definition, and the value (None where there is none).
Item = tuple[int, int, Any]


@dataclass
class Budget:
    """Bytes that one request may still unpack."""

    left: int

    def take(self, size: int) -> None:
        if size < 0 or size > MAX_PAGE:
            raise BadTable(f"A page of this column takes {size:,} bytes, more than is read for a preview.")
        self.left -= size
        if self.left < 0:
            raise BadTable("The other columns took all that is read for a preview.")


def items(node: Node, chunk: Chunk, read: Read, budget: Budget, skip: int, count: int) -> Iterator[Item]:
    """The column's items behind the first `skip` rows of the chunk, those of `count` rows."""
    pages = _Pages(node, chunk, read, budget)
    row, stop = 0, skip + count
    while row < stop and (page := pages.next()):
        header, body = page
        if not node.repetition and row + header.values <= skip:
            row += header.values
            continue
        wanted = header.values if node.repetition else min(header.values, stop - row)
        for item in pages.unpack(header, body, wanted):
            row += item[0] == 0
            if row > stop:
                return
            if row > skip:
                yield item


@dataclass(frozen=True)
class _Header:
    kind: int
    size: int
    packed: int
    values: int
    encoding: int
    # Bytes of levels before the values, and whether the values are packed: version 2 says so in the header.
    levels: tuple[int, int] | None = None
    is_packed: bool = True


class _Pages:
    def __init__(self, node: Node, chunk: Chunk, read: Read, budget: Budget) -> None:
        self.node, self.chunk, self.budget = node, chunk, budget
        self.window = _Window(chunk.start, chunk.start + chunk.length, read)
        self.dictionary: list[Any] = []

    def next(self) -> tuple[_Header, Callable[[], bytes]] | None:
        """The next data page; its body is read when it is asked for."""
        while not self.window.is_done:
            reader = Reader(self.window.peek(_MAX_HEADER))
            header = _header(reader.struct())
            self.window.skip(reader.at)
            at = self.window.at
            self.window.skip(header.packed)
            body = self._body(at, header)
            if header.kind == _DICTIONARY:
                data = _unpacked(self.chunk.codec, body(), header.size)
                self.dictionary = plain(data, self.node.physical, min(header.values, MAX_VALUES), self._width)
            elif header.kind in {_DATA, _DATA_V2}:
                return header, body
        return None

    def _body(self, at: int, header: _Header) -> Callable[[], bytes]:
        def body() -> bytes:
            self.budget.take(max(header.size, header.packed))
            return self.window.slice(at, header.packed)

        return body

    @property
    def _width(self) -> int:
        return max(int(self.node.element.get(2) or 0), 0)

    def unpack(self, header: _Header, body: Callable[[], bytes], count: int) -> Iterator[Item]:
        """The first `count` items of a page."""
        repetitions, definitions, values = self._parts(header, body(), count)
        present = sum(level == self.node.definition for level in definitions)
        decoded = iter(self._values(header.encoding, values, present))
        for repetition, definition in zip(repetitions, definitions, strict=False):
            yield repetition, definition, next(decoded, None) if definition == self.node.definition else None

    def _parts(self, header: _Header, body: bytes, count: int) -> tuple[list[int], list[int], bytes]:
        widths = (self.node.repetition.bit_length(), self.node.definition.bit_length())
        if header.levels:
            first, both = header.levels[0], sum(header.levels)
            packed = _unpacked(self.chunk.codec, body[both:], header.size - both) if header.is_packed else body[both:]
            return runs(body[:first], widths[0], count), runs(body[first:both], widths[1], count), packed
        data = _unpacked(self.chunk.codec, body, header.size)
        levels, at = [], 0
        for width in widths:
            length = int.from_bytes(data[at : at + 4], "little") if width else -4
            levels.append(runs(data[at + 4 : at + 4 + length], width, count))
            at += 4 + length
        return levels[0], levels[1], data[at:]

    def _values(self, encoding: int, data: bytes, count: int) -> list[Any]:
        if encoding not in _DICTIONARY_ENCODINGS:
            return decode(encoding, data, self.node.physical, count, self._width)
        if not data:
            return []
        numbers = runs(data[1:], data[0], count)
        if numbers and max(numbers) >= len(self.dictionary):
            raise BadTable("A value is not in its column's dictionary.")
        return [self.dictionary[number] for number in numbers]


class _Window:
    """The bytes of a chunk, read in steps."""

    def __init__(self, start: int, end: int, read: Read) -> None:
        self.at, self.end, self.read = start, end, read
        self.start, self.data = start, b""

    @property
    def is_done(self) -> bool:
        return self.at >= self.end

    def skip(self, count: int) -> None:
        self.at += count

    def peek(self, most: int) -> bytes:
        return self.slice(self.at, min(most, self.end - self.at))

    def slice(self, at: int, count: int) -> bytes:
        if at + count > self.end:
            raise BadTable("A page lies outside of its column.")
        if not self.start <= at or at + count > self.start + len(self.data):
            self.start, self.data = at, self.read(at, min(max(count, _STEP), self.end - at))
        return self.data[at - self.start : at - self.start + count]


def _header(fields: dict[int, Any]) -> _Header:
    kind, size, packed = fields.get(1), fields.get(2), fields.get(3)
    detail = fields.get({_DATA: 5, _DICTIONARY: 7, _DATA_V2: 8}.get(kind, 0)) if isinstance(kind, int) else None
    if not isinstance(detail, dict):
        detail = {}
    first_level, second_level = (detail.get(6, 0), detail.get(5, 0)) if kind == _DATA_V2 else (0, 0)
    values, encoding = detail.get(1, 0), detail.get(4 if kind == _DATA_V2 else 2, 0)
    numbers = (kind, size, packed, values, encoding, first_level, second_level)
    if not all(isinstance(number, int) and 0 <= number < 1 << 31 for number in numbers):
        raise BadTable("A page has a damaged header.")
    if kind != _DATA_V2:
        return _Header(kind, size, packed, min(values, MAX_VALUES), encoding)  # type: ignore[arg-type]
    if first_level + second_level > min(size, packed):  # type: ignore[type-var,operator]
        raise BadTable("A page has a damaged header.")
    is_packed = detail.get(7, True) is not False
    return _Header(kind, size, packed, min(values, MAX_VALUES), encoding, (first_level, second_level), is_packed)  # type: ignore[arg-type]


def _unpacked(codec: int, data: bytes, size: int) -> bytes:
    """The page's bytes; never more than `size` of them."""
    if codec == 0 or not size:
        return data[:size]
    target = bytearray(size)
    try:
        if codec == 1:
            cramjam.snappy.decompress_raw_into(data, target)
        elif codec == 2:
            return zlib.decompressobj(47).decompress(data, size)
        elif codec == 4:
            cramjam.brotli.decompress_into(data, target)
        elif codec == 6:
            cramjam.zstd.decompress_into(data, target)
        elif codec == 7:
            return lz4.block.decompress(data, uncompressed_size=size)
        else:
            raise BadTable(f"This hub can't unpack the codec {codec} of this column.")
    except (cramjam.DecompressionError, lz4.block.LZ4BlockError, zlib.error, ValueError, OverflowError) as error:
        raise BadTable("A page can't be unpacked.") from error
    return bytes(target)
