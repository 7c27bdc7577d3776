"""Read the header of a safetensors file, strictly: what is accepted here loads anywhere."""

import json
import math
from typing import Any

from hub.catalog.errors import BadWeights
from hub.catalog.weights.dtypes import BITS
from hub.catalog.weights.header import MAX_NAME, MAX_TENSORS, Read, Tensor, Weights

# As the public hub and its clients read them; the format itself allows four times that, which no model needs.
MAX_HEADER = 25_000_000
# What many tensors take, by the marks between values: a header that is all marks would take gigabytes to parse.
_MOST = {b"{": 2 * MAX_TENSORS, b"[": 4 * MAX_TENSORS, b",": 20 * MAX_TENSORS}


def read_safetensors(path: str, size: int, read: Read) -> Weights:
    """The header of a safetensors file of `size` bytes; `read(start, length)` gives its bytes.

    Raises `BadWeights` naming the file and the fault.
    """
    if size < 8:
        raise _bad(path, f"it has {size} bytes, and a header takes 8 at least")
    length = int.from_bytes(read(0, 8), "little")
    if length > MAX_HEADER or length > size - 8:
        raise _bad(path, f"it announces a header of {length:,} bytes, and the file has {size:,}")
    header = _parse(path, read(8, length))
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _bad(path, "__metadata__ must map texts to texts")
    if not _is_text("".join([*header, *metadata, *metadata.values()])):
        raise _bad(path, "a name or __metadata__ holds half a character")
    tensors = tuple(_tensor(path, name, value, 8 + length) for name, value in header.items())
    _check_spans(path, tensors, 8 + length, size)
    return Weights(tensors, metadata)


def _parse(path: str, data: bytes) -> dict[str, Any]:
    if not data.startswith(b"{"):
        raise _bad(path, "the header doesn't start with '{'")
    if any(data.count(mark) > most for mark, most in _MOST.items()):
        raise _bad(path, f"the header holds more than {MAX_TENSORS:,} tensors")
    try:
        header = json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(path, f"the header is not JSON ({str(error)[:120]})") from error
    if not isinstance(header, dict):
        raise _bad(path, "the header is not a JSON object")
    return header


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _tensor(path: str, name: str, value: Any, base: int) -> Tensor:
    """`base` is where the tensors' bytes begin."""
    if len(name) > MAX_NAME:
        raise _bad(path, f"a tensor's name has {len(name):,} letters, and {MAX_NAME:,} are the most")
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise _bad(path, f"tensor {name[:80]!r} must have dtype, shape and data_offsets, and nothing else")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise _bad(path, f"tensor {name[:80]!r} has the unknown dtype {str(dtype)[:20]!r}")
    if not _is_counts(shape) or not _is_counts(offsets) or len(offsets) != 2:
        raise _bad(path, f"tensor {name[:80]!r} has a shape or data_offsets that are not lists of whole numbers")
    bits = math.prod(shape) * BITS[dtype]
    if bits % 8 or offsets[1] - offsets[0] != bits // 8:
        raise _bad(path, f"tensor {name[:80]!r} doesn't fill its data_offsets")
    return Tensor(name, dtype, tuple(shape), bits // 8, base + offsets[0])


def _is_text(text: str) -> bool:
    """Without halves of surrogate pairs, which JSON can write and nothing can send."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_counts(value: Any) -> bool:
    """A list of up to 64 whole numbers that fit 64 bits."""
    return (
        isinstance(value, list)
        and len(value) <= 64
        and all(type(number) is int and 0 <= number < 1 << 64 for number in value)
    )


def _check_spans(path: str, tensors: tuple[Tensor, ...], base: int, size: int) -> None:
    end = base
    for start, length in sorted((tensor.start or 0, tensor.size) for tensor in tensors):
        if start != end:
            raise _bad(path, f"the tensors leave a hole or overlap at byte {start - base:,}")
        end = start + length
    if end != size:
        raise _bad(path, f"the tensors take {end - base:,} bytes, and the file has {size - base:,} for them")


def _bad(path: str, fault: str) -> BadWeights:
    message = f"{path} is not a valid safetensors file: {fault}. Save it anew, then push it again."
    return BadWeights(message, path=path, fault=fault)
