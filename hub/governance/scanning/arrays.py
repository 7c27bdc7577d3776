"""numpy's files: a header that is a Python literal, then numbers."""

import ast
import math
import re
from typing import Any

from hub.governance.scanning.allowed import is_plain_dtype
from hub.governance.scanning.findings import UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.opcodes import Stream
from hub.governance.scanning.pickles import walk_all
from hub.governance.scanning.source import Source

MAGIC = b"\x93NUMPY"
_MAX_HEADER = 65_536
_SIZE = re.compile(r"[<>=|]?([a-zA-Z?])(\d*)(?:\[.*\])?")
_SIZES = {
    "?": 1,
    "b": 1,
    "B": 1,
    "h": 2,
    "H": 2,
    "i": 4,
    "I": 4,
    "l": 8,
    "L": 8,
    "q": 8,
    "Q": 8,
    "e": 2,
    "f": 4,
    "d": 8,
}


def scan_npy(source: Source, found: Findings) -> None:
    """Arrays of Python objects are pickles: they are read as such, and never clean."""
    found.form = "npy"
    header, start = _header(source)
    if _has_objects(header["descr"]):
        found.is_pickle = True
        found.add(UNSUPPORTED, "it is an array of Python objects, which is a pickle")
        walk_all(Stream(source, start), found)
        return
    size = math.prod(header["shape"]) * _item_size(header["descr"])
    if source.size - start != size:
        raise NotUnderstood("an array has more or fewer bytes than its shape takes")


def _header(source: Source) -> tuple[dict[str, Any], int]:
    head = source.head(12)
    if head[:6] != MAGIC or len(head) < 12 or head[6:8] not in (b"\1\0", b"\2\0", b"\3\0"):
        raise NotUnderstood("it is no array of a version that is known")
    width = 2 if head[6] == 1 else 4
    length, start = int.from_bytes(head[8 : 8 + width], "little"), 8 + width
    if length > _MAX_HEADER or start + length > source.size:
        raise NotUnderstood("an array's header is longer than any")
    try:
        header = ast.literal_eval(source.read(start, length).decode("utf-8" if head[6] == 3 else "latin1").strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise NotUnderstood("an array's header is no literal") from error
    if not isinstance(header, dict) or set(header) != {"descr", "fortran_order", "shape"}:
        raise NotUnderstood("an array's header doesn't say its type and shape, and nothing else")
    _check_shape(header["shape"])
    return header, start + length


def _check_shape(shape: Any) -> None:
    if not isinstance(shape, tuple) or len(shape) > 64 or any(type(one) is not int or one < 0 for one in shape):
        raise NotUnderstood("an array's shape is none")


def _has_objects(descr: Any, depth: int = 0) -> bool:
    if depth > 8:
        raise NotUnderstood("an array's type is nested too deep")
    if isinstance(descr, str):
        if "O" not in descr and not is_plain_dtype(descr):
            raise NotUnderstood("an array's type is not known")
        return "O" in descr
    if not isinstance(descr, list) or not all(isinstance(one, tuple) and len(one) in (2, 3) for one in descr):
        raise NotUnderstood("an array's type is not known")
    return any(_has_objects(one[1], depth + 1) for one in descr)


def _item_size(descr: Any) -> int:
    if isinstance(descr, list):
        return sum(_item_size(one[1]) * math.prod(_inner_shape(one)) for one in descr)
    match = _SIZE.fullmatch(descr)
    if match is None:
        raise NotUnderstood("an array's type is not known")
    letter, digits = match.groups()
    if letter in "mM":
        return int(digits or 8)
    count = int(digits) if digits else _SIZES.get(letter, 0)
    return count * 4 if letter == "U" and digits else count


def _inner_shape(field: tuple[Any, ...]) -> tuple[int, ...]:
    shape = field[2] if len(field) == 3 else ()
    shape = (shape,) if type(shape) is int else shape
    _check_shape(shape)
    return tuple(shape)
