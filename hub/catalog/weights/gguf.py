"""The header of a GGUF file, versions 2 and 3: metadata, and tensors with how they are quantised.

Laid out as the format's specification says (ggml, docs/gguf.md): all numbers with the lowest byte first.
"""

import math
from typing import Any

from hub.catalog.weights.dtypes import GGUF_TYPES
from hub.catalog.weights.header import MAX_NAME, MAX_TENSORS, MAX_TEXT, Cursor, Read, Tensor, Weights

_MAX_KEYS = 10_000
_MAX_DIMENSIONS = 8
_MAX_NESTING = 3
_MAX_LISTS = 100_000
_SHOWN = 8
_TEXT, _LIST, _TRUTH, _WHOLE = 8, 9, 7, 4
# Layout and length of a value of one number, by the number of its type.
_NUMBERS = {0: ("<B", 1), 1: ("<b", 1), 2: ("<H", 2), 3: ("<h", 2), 4: ("<I", 4), 5: ("<i", 4), 6: ("<f", 4)} | {
    **{_TRUTH: ("<?", 1), 10: ("<Q", 8), 11: ("<q", 8), 12: ("<d", 8)}
}


def read_gguf(path: str, size: int, read: Read) -> Weights:
    """Raises `BadWeights` for what no reader of the format would take, and for headers beyond all reason."""
    at = Cursor("GGUF", path, size, read)
    if at.take(4) != b"GGUF":
        raise at.bad("it doesn't start with GGUF")
    version = at.uint(4)
    if version not in (2, 3):
        raise at.bad(f"it has version {version:,}, and versions 2 and 3 are read (the lowest byte first)")
    tensors, keys = at.uint(8), at.uint(8)
    if tensors > MAX_TENSORS or keys > _MAX_KEYS:
        raise at.bad(f"it announces {tensors:,} tensors and {keys:,} keys; {MAX_TENSORS:,} and {_MAX_KEYS:,} are read")
    metadata = _metadata(at, keys)
    infos = [_info(at) for _ in range(tensors)]
    if len({name for name, *_ in infos}) < len(infos):
        raise at.bad("two tensors have the same name")
    step = _alignment(at, metadata)
    base = -(-at.at // step) * step
    found = tuple(_placed(at, info, base, step) for info in infos)
    _check_apart(at, found, base, step)
    return Weights(found, metadata)


def _metadata(at: Cursor, count: int) -> dict[str, str]:
    found: dict[str, str] = {}
    lists_left = [_MAX_LISTS]
    for _ in range(count):
        key = at.text(at.uint(8), MAX_NAME, "a key of the metadata")
        if key in found:
            raise at.bad(f"the key {key[:80]!r} occurs twice")
        kind = at.uint(4)
        _check_key(at, key, kind)
        found[key] = _value(at, kind, 0, lists_left)
    return found


def _check_key(at: Cursor, key: str, kind: int) -> None:
    """Readers take the alignment as a whole number of 32 bits, and nothing else."""
    if not key or not key.isascii() or not key.isprintable():
        raise at.bad(f"{key[:80]!r} is no key of the metadata")
    if key == "general.alignment" and kind != _WHOLE:
        raise at.bad("its alignment is no whole number of 32 bits")


def _value(at: Cursor, kind: int, depth: int, lists_left: list[int]) -> str:
    """A value as text: long texts are cut, of lists the beginning is told."""
    if kind == _TEXT:
        return _cut_text(at)
    if kind == _LIST:
        lists_left[0] -= 1
        if depth == _MAX_NESTING or lists_left[0] < 0:
            raise at.bad("its metadata has lists within lists within lists")
        return _list(at, depth, lists_left)
    if kind not in _NUMBERS:
        raise at.bad(f"its metadata has a value of the unknown type {kind:,}")
    if kind == _TRUTH and at.peek() > 1:
        raise at.bad("its metadata has a truth that is neither true nor false")
    value = at.number(*_NUMBERS[kind])
    return f"{value:.7g}" if isinstance(value, float) else str(value).lower()


def _cut_text(at: Cursor) -> str:
    length = at.uint(8)
    end = at.at + length
    at.seek(end)
    at.at = end - length
    text = at.take(min(length, MAX_TEXT)).decode("utf-8", "replace")
    at.at = end
    return text if length <= MAX_TEXT else text + "…"


def _list(at: Cursor, depth: int, lists_left: list[int]) -> str:
    kind, count = at.uint(4), at.uint(8)
    shown = [_value(at, kind, depth + 1, lists_left) for _ in range(min(count, _SHOWN))]
    left = count - len(shown)
    if kind == _TEXT:
        at.skip_texts(left)
    elif kind == _LIST:
        for _ in range(left):
            _value(at, kind, depth + 1, lists_left)
    elif left:
        at.seek(at.at + left * _NUMBERS[kind][1])
    more = f", … ({count:,} in all)" if left else ""
    return f"[{', '.join(text[:80] for text in shown)}{more}]"


def _info(at: Cursor) -> tuple[str, tuple[int, ...], int, int]:
    """Name, shape with the fastest dimension last, number of the type, offset."""
    name = at.text(at.uint(8), MAX_NAME, "a tensor's name")
    count = at.uint(4)
    if count > _MAX_DIMENSIONS:
        raise at.bad(f"tensor {name[:80]!r} has {count:,} dimensions, and {_MAX_DIMENSIONS} are the most")
    shape = tuple(at.uint(8) for _ in range(count))[::-1]
    return name, shape, at.uint(4), at.uint(8)


def _alignment(at: Cursor, metadata: dict[str, Any]) -> int:
    text = metadata.get("general.alignment", "32")
    if text not in {str(1 << power) for power in range(3, 17)}:
        raise at.bad(f"its alignment of {text[:20]} is not a power of two from 8 to 65,536")
    return int(text)


def _placed(at: Cursor, info: tuple[str, tuple[int, ...], int, int], base: int, step: int) -> Tensor:
    name, shape, kind, offset = info
    if kind not in GGUF_TYPES:
        raise at.bad(f"tensor {name[:80]!r} has the unknown type {kind:,}")
    dtype, block, block_size = GGUF_TYPES[kind]
    if (shape[-1] if shape else 1) % block:
        raise at.bad(f"a row of tensor {name[:80]!r} is no whole number of blocks of {block}")
    size = math.prod(shape) // block * block_size
    if offset % step or base + offset + size > at.size:
        raise at.bad(f"tensor {name[:80]!r} lies outside of the file, or not where its alignment wants it")
    return Tensor(name, dtype, shape, size, base + offset)


def _check_apart(at: Cursor, tensors: tuple[Tensor, ...], base: int, step: int) -> None:
    """They lie one behind the other, with no more between them than their alignment asks for."""
    end = base
    for start, size in sorted((tensor.start or 0, tensor.size) for tensor in tensors):
        if not 0 <= start - end < step:
            raise at.bad(f"two tensors overlap, or leave a hole, at byte {start:,}")
        end = start + size
