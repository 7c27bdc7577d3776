"""How Parquet writes values: plain, by dictionary, run lengths, differences.

https://github.com/apache/parquet-format/blob/master/Encodings.md
"""

import struct
from collections.abc import Callable
from typing import Any

from hub.catalog.errors import BadTable
from hub.catalog.tables.parquet.thrift import Reader

BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED = range(8)
_FORMATS = {INT32: "i", INT64: "q", FLOAT: "f", DOUBLE: "d"}
_WIDTHS = {INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8}
# A run may claim any length; no page that is read has more values than this.
MAX_VALUES = 2_000_000


def plain(data: bytes, physical: int, count: int, width: int) -> list[Any]:
    """The first `count` values; `width` is that of a fixed-length byte array."""
    if physical == BOOLEAN:
        return [bool(data[at >> 3] >> (at & 7) & 1) for at in range(min(count, len(data) * 8))]
    if physical == BYTE_ARRAY:
        return _byte_arrays(data, count)
    if physical in _FORMATS:
        count = min(count, len(data) // _WIDTHS[physical])
        return list(struct.unpack_from(f"<{count}{_FORMATS[physical]}", data))
    width = _WIDTHS.get(physical, width)
    if not 0 < width <= len(data) + 1:
        return []
    return [data[at : at + width] for at in range(0, min(count * width, len(data) - width + 1), width)]


def _byte_arrays(data: bytes, count: int) -> list[bytes]:
    found: list[bytes] = []
    at = 0
    while len(found) < count and at + 4 <= len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        if at + 4 + length > len(data):
            raise BadTable("A text reaches over the end of its page.")
        found.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def runs(data: bytes, width: int, count: int) -> list[int]:
    """Run lengths mixed with packed bits: the first `count` numbers of `width` bits."""
    if width == 0:
        return [0] * count
    if width > 32:
        raise BadTable("A page has numbers of more than 32 bits.")
    reader, found = Reader(data), list[int]()
    size, mask = (width + 7) // 8, (1 << width) - 1
    while len(found) < count and reader.at < len(data):
        head = reader.varint()
        if head & 1:
            groups = min(head >> 1, (count - len(found) + 7) // 8)
            for _ in range(groups):
                packed = int.from_bytes(reader.take(min(width, len(data) - reader.at)), "little")
                found += [packed >> shift & mask for shift in range(0, 8 * width, width)]
            reader.at += min((head >> 1) - groups, len(data)) * width
        else:
            value = int.from_bytes(reader.take(size), "little")
            found += [value] * min(head >> 1, count - len(found))
    return found[:count]


def deltas(data: bytes, count: int) -> tuple[list[int], int]:
    """DELTA_BINARY_PACKED: the numbers, and the byte behind them."""
    reader = Reader(data)
    block, minis, total, value = reader.varint(), reader.varint(), reader.varint(), _zigzag(reader.varint())
    if not minis or not block or block > MAX_VALUES or total > MAX_VALUES or block % minis:
        raise BadTable("A page of differences has a damaged head.")
    per, found = block // minis, [value] if total else []
    while len(found) < total:
        least = _zigzag(reader.varint())
        for width in reader.take(minis):
            if len(found) >= total:
                break
            packed = int.from_bytes(reader.take(per * width // 8), "little")
            _unpack(found, packed, width, min(per, total - len(found)), least)
    return found[:count], reader.at


def _unpack(found: list[int], packed: int, width: int, count: int, least: int) -> None:
    if width > 64 or (width and count * width > 8 * 64 * 1024):
        raise BadTable("A page of differences has a damaged block.")
    mask, value = (1 << width) - 1, found[-1]
    for at in range(count):
        value += least + (packed >> at * width & mask)
        found.append(_wrapped(value))


def _wrapped(value: int) -> int:
    """As 64 bits hold it."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _zigzag(value: int) -> int:
    return value >> 1 ^ -(value & 1)


def _delta_texts(data: bytes, count: int) -> list[bytes]:
    lengths, at = deltas(data, MAX_VALUES)
    found = []
    for length in lengths[:count]:
        if length < 0 or at + length > len(data):
            raise BadTable("A text reaches over the end of its page.")
        found.append(data[at : at + length])
        at += length
    return found


def _prefixed_texts(data: bytes, count: int) -> list[bytes]:
    prefixes, at = deltas(data, MAX_VALUES)
    found: list[bytes] = []
    room = 64 * len(data) + 65_536
    for prefix, suffix in zip(prefixes, _delta_texts(data[at:], count), strict=False):
        last = found[-1] if found else b""
        room -= max(prefix, 0) + len(suffix)
        if not 0 <= prefix <= len(last) or room < 0:
            raise BadTable("A page of shared beginnings is damaged.")
        found.append(last[:prefix] + suffix)
    return found


def _split_bytes(data: bytes, physical: int, count: int, width: int) -> list[Any]:
    width = _WIDTHS.get(physical, width)
    total = len(data) // width if width else 0
    whole = b"".join(data[at::total][:width] for at in range(min(count, total)))
    return plain(whole, physical, count, width)


def decode(encoding: int, data: bytes, physical: int, count: int, width: int) -> list[Any]:
    """`count` values of a data page that has no dictionary."""
    numbers: dict[int, Callable[[], list[Any]]] = {
        0: lambda: plain(data, physical, count, width),
        3: lambda: [bool(value) for value in runs(data[4:], 1, count)],
        5: lambda: deltas(data, count)[0],
        6: lambda: _delta_texts(data, count),
        7: lambda: _prefixed_texts(data, count),
        9: lambda: _split_bytes(data, physical, count, width),
    }
    if encoding not in numbers:
        raise BadTable(f"This hub can't read the encoding {encoding} of this column.")
    return numbers[encoding]()
