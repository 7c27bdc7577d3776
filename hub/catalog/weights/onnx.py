"""The tensors of an ONNX file, by walking its protobuf messages and stepping over their bytes.

Numbers of fields are those of the format's own `onnx.proto3`. Initializers and constants are read wherever they stand:
in the graph, and in the graphs within its nodes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from hub.catalog.weights.dtypes import ONNX_BITS, ONNX_TYPES
from hub.catalog.weights.header import MAX_NAME, MAX_TENSORS, MAX_TEXT, Cursor, Read, Tensor, Weights

_VARINT, _EIGHT, _MESSAGE, _FOUR = 0, 1, 2, 5
_MAX_NESTING = 16
_MAX_DIMENSIONS = 64
_MAX_ELEMENTS = 1 << 50
_EXTERNAL = 1
# Of messages within messages; a graph of a hundred thousand nodes has a quarter of this.
_MAX_FIELDS = 4_000_000
# Facts of the model, by the number of their field.
_FACTS = {1: "ir_version", 2: "producer_name", 3: "producer_version", 5: "model_version"}


def read_onnx(path: str, size: int, read: Read) -> Weights:
    """Raises `BadWeights` where it isn't what the format says, or goes beyond all reason."""
    at = Cursor("ONNX", path, size, read)
    walk = _Walk(at)
    has_graph = False
    for number, wire, value in fields(at, size):
        if number == 7 and wire == _MESSAGE:
            has_graph = True
            walk.graph(value, "", 0)
        elif number in _FACTS or (number, wire) in ((8, _MESSAGE), (14, _MESSAGE)):
            walk.tell(number, wire, value)
    if not has_graph:
        raise at.bad("there is no graph in it")
    return Weights(tuple(walk.tensors), walk.metadata)


def _varint(at: Cursor) -> int:
    value = shift = 0
    while shift < 70:
        byte = at.take(1)[0]
        value |= (byte & 127) << shift
        if byte < 128:
            return value & (1 << 64) - 1
        shift += 7
    raise at.bad(f"there is no number at byte {at.at:,}")


def fields(at: Cursor, end: int) -> Iterator[tuple[int, int, int]]:
    """(number, wire type, value) of the fields up to `end`; of a message or text the value is where it ends.

    Whatever of a field the caller leaves unread is stepped over.
    """
    while at.at < end:
        key = _varint(at)
        number, wire = key >> 3, key & 7
        value = _varint(at) if wire in (_VARINT, _MESSAGE) else 0
        steps = {_MESSAGE: value, _EIGHT: 8, _FOUR: 4, _VARINT: 0}
        if not number or wire not in steps or at.at + steps[wire] > end:
            raise at.bad(f"there is no field of a message at byte {at.at:,}")
        after = at.at + steps[wire]
        at.steps += 1
        if at.steps > _MAX_FIELDS:
            raise at.bad(f"it has more than {_MAX_FIELDS:,} fields")
        yield number, wire, after if wire == _MESSAGE else value
        at.seek(after)


@dataclass
class _Found:
    """A tensor while its fields come in."""

    shape: list[int] = field(default_factory=list)
    kind: int = 0
    name: str = ""
    raw: tuple[int, int] | None = None
    is_external: bool = False
    location: str = ""


class _Walk:
    def __init__(self, at: Cursor) -> None:
        self.at = at
        self.tensors: list[Tensor] = []
        self.metadata: dict[str, str] = {}
        self._names: dict[str, int] = {}

    def tell(self, number: int, wire: int, value: int) -> None:
        """A fact of the model: who made it, for which operators, and what its maker noted."""
        if number in _FACTS:
            self._note(_FACTS[number], str(value) if wire == _VARINT else self._text(value))
            return
        name = text = ""
        for part, part_wire, end in fields(self.at, value):
            if part == 1 and part_wire == _MESSAGE:
                name = self._text(end)
            elif part == 2:
                text = self._text(end) if part_wire == _MESSAGE else str(end)
        self._note(f"opset {name or 'ai.onnx'}" if number == 8 else name, text)

    def graph(self, end: int, prefix: str, depth: int) -> None:
        if depth > _MAX_NESTING:
            raise self.at.bad("it has graphs within graphs, too deep to be a model")
        for number, wire, value in fields(self.at, end):
            if wire != _MESSAGE:
                continue
            if number == 1:
                self._node(value, prefix, depth)
            elif number == 5:
                self._tensor(value, prefix)
            elif number == 15:
                self._sparse(value, prefix)

    def _node(self, end: int, prefix: str, depth: int) -> None:
        output = ""
        for number, wire, value in fields(self.at, end):
            if number == 2 and wire == _MESSAGE and not output:
                output = self._text(value)
            elif number == 5 and wire == _MESSAGE:
                self._attribute(value, prefix, output, depth)

    def _attribute(self, end: int, prefix: str, output: str, depth: int) -> None:
        name = ""
        for number, wire, value in fields(self.at, end):
            if wire != _MESSAGE:
                continue
            if number == 1:
                name = self._text(value)
            elif number in (5, 10):
                self._tensor(value, prefix, output)
            elif number in (22, 23):
                self._sparse(value, prefix, output)
            elif number in (6, 11):
                self.graph(value, f"{prefix}{name}/"[-MAX_NAME:], depth + 1)

    def _sparse(self, end: int, prefix: str, otherwise: str = "") -> None:
        for number, wire, value in fields(self.at, end):
            if number in (1, 2) and wire == _MESSAGE:
                self._tensor(value, prefix, otherwise)

    def _tensor(self, end: int, prefix: str, otherwise: str = "") -> None:
        if len(self.tensors) == MAX_TENSORS:
            raise self.at.bad(f"it holds more than {MAX_TENSORS:,} tensors")
        begin, found = self.at.at, _Found()
        for number, wire, value in fields(self.at, end):
            self._tensor_field(found, number, wire, value)
        self.tensors.append(self._made(found, self._unique(prefix + (found.name or otherwise)), end - begin))
        if found.is_external and found.location:
            self._note("external data", found.location)

    def _tensor_field(self, found: _Found, number: int, wire: int, value: int) -> None:
        match number, wire:
            case 1, 0:
                found.shape.append(value)
            case 1, 2:
                while self.at.at < value and len(found.shape) <= _MAX_DIMENSIONS:
                    found.shape.append(_varint(self.at))
            case 2, 0:
                found.kind = value
            case 8, 2:
                found.name = self.at.text(value - self.at.at, MAX_NAME, "a tensor's name")
            case 9, 2:
                found.raw = (self.at.at, value - self.at.at)
            case 13, 2:
                self._external(found, value)
            case 14, 0:
                found.is_external = value == _EXTERNAL
        if len(found.shape) > _MAX_DIMENSIONS:
            raise self.at.bad(f"a tensor has more than {_MAX_DIMENSIONS} dimensions")

    def _external(self, found: _Found, end: int) -> None:
        texts = {number: self._text(stop) for number, wire, stop in fields(self.at, end) if wire == _MESSAGE}
        if texts.get(1) == "location":
            found.location = texts.get(2, "")

    def _made(self, found: _Found, name: str, length: int) -> Tensor:
        """`length` is that of its message: no tensor holds more numbers than its bytes can."""
        dtype = ONNX_TYPES.get(found.kind)
        count = math.prod(found.shape)
        if dtype is None or count > _MAX_ELEMENTS:
            raise self.at.bad(f"tensor {name[:80]!r} has an unknown type, or more numbers than there are")
        size = -(-count * ONNX_BITS.get(dtype, 0) // 8)
        if found.raw and not found.is_external and size != found.raw[1] and dtype != "STRING":
            raise self.at.bad(f"tensor {name[:80]!r} takes {size:,} bytes by its shape, and has {found.raw[1]:,}")
        if not found.is_external and count > 4 * length:
            raise self.at.bad(f"tensor {name[:80]!r} has {count:,} numbers by its shape, and no room for them")
        is_here = found.raw is not None and not found.is_external
        return Tensor(name, dtype, tuple(found.shape), size, found.raw[0] if found.raw and is_here else None)

    def _unique(self, name: str) -> str:
        """Graphs in branches may use one name twice."""
        self._names[name] = seen = self._names.get(name, 0) + 1
        return name if seen == 1 else f"{name} ({seen})"

    def _text(self, end: int) -> str:
        length = min(end - self.at.at, MAX_TEXT)
        return self.at.take(length).decode("utf-8", "replace")

    def _note(self, name: str, text: str) -> None:
        known = self.metadata.get(name)
        if known is None and len(self.metadata) < 200:
            self.metadata[name] = text
        elif known is not None and text not in known.split(", ") and len(known) < MAX_TEXT:
            self.metadata[name] = f"{known}, {text}"
