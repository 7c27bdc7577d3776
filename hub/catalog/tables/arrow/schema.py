"""The fields of an Arrow schema. https://arrow.apache.org/docs/format/Columnar.html"""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.catalog.errors import BadTable
from hub.catalog.tables.arrow.flat import Flat

_MAX_DEPTH, _MAX_FIELDS = 8, 5_000
TEXT, BINARY, BOOL, LIST, STRUCT, FIXED, FIXED_LIST, MAP = "text", "bytes", "true or false", "list", "object", *"FLM"
_KINDS = {4: BINARY, 5: TEXT, 6: BOOL, 12: LIST, 13: STRUCT, 15: FIXED, 16: FIXED_LIST, 17: MAP, 19: BINARY, 20: TEXT,
          21: LIST}  # fmt: skip
_LARGE = (19, 20, 21)
_NAMES = {FIXED: "bytes", FIXED_LIST: "list", MAP: "list"}
# Moments and spans are shown as the whole numbers that they are kept in: bytes by unit.
_WHOLE = {8: (4, 8), 9: (4, 4, 8, 8), 10: (8,) * 4, 18: (8,) * 4}


@dataclass(frozen=True)
class Field:
    """`kind`: one of the above, or a NumPy type; empty where it isn't read. `width`: bytes or items, where fixed."""

    name: str
    kind: str
    width: int = 0
    is_large: bool = False
    children: tuple["Field", ...] = ()

    @property
    def type(self) -> str:
        inner = f" of {self.children[0].type}" if self.kind in (LIST, FIXED_LIST) and self.children else ""
        return (_NAMES.get(self.kind, self.kind) or "unknown") + inner


def fields(told: Flat) -> tuple[Field, ...]:
    """Of a schema. Fields may point to the same children again and again, so all are counted."""
    left = iter(range(_MAX_FIELDS))
    return tuple(_field(each, 1, left) for each in told.tables(1))


def _field(told: Flat, depth: int, left: Iterator[int]) -> Field:
    if depth > _MAX_DEPTH or next(left, None) is None:
        raise BadTable("The file's schema is nested too deep, or has too many fields.")
    number, kind = told.number(2, "B"), told.table(3)
    children = tuple(_field(each, depth + 1, left) for each in told.tables(5))
    name = told.text(0)
    if kind is None or told.table(4) is not None:
        return Field(name, "", children=children)
    width = kind.number(0, "i") if number in (15, 16) else 0
    return Field(name, _kind(number, kind), max(width, 0), number in _LARGE, children)


def _kind(number: int, kind: Flat) -> str:
    """As words or as NumPy says it; empty for what isn't read."""
    if number == 2:
        bits = kind.number(0, "i")
        return f"{'int' if kind.number(1, '?') else 'uint'}{bits}" if bits in (8, 16, 32, 64) else ""
    if number == 3:
        return {0: "float16", 1: "float32", 2: "float64"}.get(kind.number(0, "h"), "")
    if number in _WHOLE:
        unit = kind.number(0, "h", 1 if number in (8, 9) else 0)
        widths = _WHOLE[number]
        return f"int{8 * widths[unit]}" if 0 <= unit < len(widths) else ""
    return _KINDS.get(number, "")
