"""ONNX: graphs of known operators. Tensors may lie in files beside it, and nowhere else."""

from hub.catalog.errors import BadWeights
from hub.catalog.weights.header import Cursor
from hub.catalog.weights.onnx import fields, read_onnx
from hub.governance.scanning.findings import MALICIOUS, SUSPICIOUS, Findings, NotUnderstood
from hub.governance.scanning.source import Source

# Which fields of which message are messages again, as far as tensors and nodes stand in them (onnx.proto3).
_BELOW: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 10: "tensor", 22: "sparse", 23: "sparse", 6: "graph", 11: "graph"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}
_MESSAGE, _MAX_DEPTH, _MAX_TEXT = 2, 80, 4_096
# Operators that call Python, wherever they come from.
_PYTHON = {"PyOp", "PythonOp", "PyFunc", "PyCustomOp"}


def scan_onnx(source: Source, found: Findings) -> None:
    found.form = "onnx"
    try:
        read_onnx("it", source.size, source.read)
        at = Cursor("ONNX", "it", source.size, source.read)
        _walk(at, "model", source.size, 0, found)
    except BadWeights as error:
        raise NotUnderstood(str(error.detail["fault"])) from error


def _walk(at: Cursor, message: str, end: int, depth: int, found: Findings) -> None:
    if depth > _MAX_DEPTH:
        raise at.bad("it has messages within messages, too deep to be a model")
    below = _BELOW[message]
    for number, wire, value in fields(at, end):
        if wire != _MESSAGE:
            continue
        if below.get(number) == "entry":
            _check_entry(at, value, found)
        elif number in below:
            _walk(at, below[number], value, depth + 1, found)
        elif message == "node" and number == 4:
            _check_operator(_text(at, value), found)


def _check_entry(at: Cursor, end: int, found: Findings) -> None:
    """Key and value of where a tensor's bytes lie. A key that comes twice is taken as the worst of them."""
    texts: dict[int, list[str]] = {1: [], 2: []}
    for number, wire, stop in fields(at, end):
        if wire == _MESSAGE and number in texts:
            texts[number].append(_text(at, stop))
    if texts[1] and set(texts[1]) != {"location"}:
        return
    for place in texts[2]:
        parts = place.replace("\\", "/").split("/")
        if place.startswith(("/", "\\", "~")) or ".." in parts or ":" in place or set("\0%$") & set(place):
            found.add(MALICIOUS, f"it takes tensors from outside of its folder: {place[:80]!r}")


def _check_operator(name: str, found: Findings) -> None:
    if name in _PYTHON:
        found.is_code = True
        found.add(SUSPICIOUS, f"it has an operator that calls Python: {name}")


def _text(at: Cursor, end: int) -> str:
    length = end - at.at
    if length > _MAX_TEXT:
        raise at.bad(f"a name in it has {length:,} bytes")
    return at.take(length).decode("utf-8", "replace")
