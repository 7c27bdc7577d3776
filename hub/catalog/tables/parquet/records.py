"""Put the items of columns together into the values of a row, and give them the types that the schema says."""

import datetime as dt
import decimal
import struct
import uuid
from collections.abc import Callable
from typing import Any

from hub.catalog.tables.parquet.encodings import BYTE_ARRAY, FIXED, INT96
from hub.catalog.tables.parquet.pages import Item
from hub.catalog.tables.parquet.schema import Node

# Parquet has moments without a zone, too: they are shown as they stand.
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001
_JULIAN_EPOCH = 2_440_588
_UNSIGNED = {11: 8, 12: 16, 13: 32, 14: 64}
_UNITS = {1: 1_000, 2: 1_000_000, 3: 1_000_000_000}


def rows_of(found: list[Item]) -> list[list[Item]]:
    """The items of each row: a row begins where nothing repeats."""
    rows: list[list[Item]] = []
    for item in found:
        if item[0] == 0 or not rows:
            rows.append([])
        rows[-1].append(item)
    return rows


def value_of(node: Node, leaves: dict[int, list[Item]]) -> Any:
    """The field's value in one row; `leaves` has the items of each of its leaves, by the leaf's identity."""
    first = next(iter(leaves.values()), [])
    if not first or (node.is_optional and first[0][1] < node.definition):
        return None
    if not node.is_repeated:
        return _content(node, leaves)
    if first[0][1] < node.definition:
        return []
    return [_content(node, part) for part in _split(node, leaves)]


def _content(node: Node, leaves: dict[int, list[Item]]) -> Any:
    if node.is_leaf:
        return typed(node, leaves[id(node)][0][2])
    values = {child.name: value_of(child, _below(child, leaves)) for child in node.children}
    if node.is_list:
        items = next(iter(values.values())) or []
        (inner,) = node.children
        return [next(iter(item.values())) for item in items] if len(inner.children) == 1 else items
    if node.is_map:
        pairs = [list(pair.values()) for pair in next(iter(values.values())) or []]
        return {str(key): value for key, value in pairs}
    return values


def _below(node: Node, leaves: dict[int, list[Item]]) -> dict[int, list[Item]]:
    return {id(leaf): leaves[id(leaf)] for leaf in node.leaves()}


def _split(node: Node, leaves: dict[int, list[Item]]) -> list[dict[int, list[Item]]]:
    """The items of each element of a repeated field."""
    parts: dict[int, list[list[Item]]] = {}
    for leaf, items in leaves.items():
        parts[leaf] = []
        for at, item in enumerate(items):
            if at == 0 or item[0] <= node.repetition:
                parts[leaf].append([])
            parts[leaf][-1].append(item)
    count = min(len(found) for found in parts.values())
    return [{leaf: found[at] for leaf, found in parts.items()} for at in range(count)]


def typed(node: Node, value: Any) -> Any:
    """A stored value as what it means; as it was stored where that makes no sense."""
    if value is None:
        return None
    try:
        return _typed(node, node.bare_type, value)
    except (ValueError, OverflowError, ArithmeticError, struct.error, TypeError):
        return value


def _typed(node: Node, kind: str, value: Any) -> Any:
    if kind in _MEANINGS:
        return _MEANINGS[kind](node, value)
    bits = _unsigned_bits(node)
    return value % (1 << bits) if bits and isinstance(value, int) else value


def _timestamp(node: Node, value: Any) -> str:
    if node.physical == INT96:
        nanoseconds, day = struct.unpack("<qi", value)
        moment = _EPOCH + dt.timedelta(days=day - _JULIAN_EPOCH, microseconds=nanoseconds // 1000)
        return moment.isoformat(" ")
    logical = (node.element.get(10) or {}).get(8) or {}
    unit = next(iter(logical.get(2) or {}), 1 if node.element.get(6) == 9 else 2)
    return (_EPOCH + dt.timedelta(microseconds=value * 1_000_000 // _UNITS.get(unit, 1_000_000))).isoformat(" ")


def _decimal(node: Node, value: Any) -> str:
    logical = (node.element.get(10) or {}).get(5) or {}
    scale = logical.get(1, node.element.get(7) or 0)
    number = int.from_bytes(value, "big", signed=True) if node.physical in {BYTE_ARRAY, FIXED} else value
    if abs(number).bit_length() > 2_000 or not 0 <= scale <= 400:
        return str(value)
    return str(decimal.Decimal(number).scaleb(-scale, decimal.Context(prec=1_000)))


def _unsigned_bits(node: Node) -> int:
    """The bits of an unsigned whole number, 0 for all else."""
    integer = (node.element.get(10) or {}).get(10)
    if isinstance(integer, dict) and integer.get(2) is False:
        return max(integer.get(1) or 0, 0)
    return _UNSIGNED.get(node.element.get(6, -1), 0)


def _text(_node: Node, value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _date(_node: Node, value: Any) -> str:
    return (_EPOCH + dt.timedelta(days=value)).date().isoformat()


_MEANINGS: dict[str, Callable[[Node, Any], Any]] = {
    "text": _text,
    "date": _date,
    "timestamp": _timestamp,
    "decimal": _decimal,
    "uuid": lambda _node, value: str(uuid.UUID(bytes=value)),
    "half": lambda _node, value: struct.unpack("<e", value)[0],
}
