"""Read the header of a safetensors file, strictly: what is accepted here loads anywhere."""

import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hub.catalog.errors import BadWeights

MAX_HEADER = 100_000_000
# Bits of one element, by the names that the format knows.
_BITS = {
    **dict.fromkeys(["F64", "I64", "U64", "C64"], 64),
    **dict.fromkeys(["F32", "I32", "U32"], 32),
    **dict.fromkeys(["F16", "BF16", "I16", "U16"], 16),
    **dict.fromkeys(["BOOL", "I8", "U8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"], 8),
    **dict.fromkeys(["F6_E2M3", "F6_E3M2"], 6),
    "F4": 4,
}
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")

Read = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Tensor:
    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Weights:
    """What a weights file says of itself."""

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str]

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers there are of each dtype."""
        counts: dict[str, int] = defaultdict(int)
        for tensor in self.tensors:
            counts[tensor.dtype] += math.prod(tensor.shape)
        return dict(counts)


def is_weights(path: str) -> bool:
    return path.endswith(".safetensors")


def counted(paths: Iterable[str]) -> set[str]:
    """Which weights files make up the model, so that variants and parts aren't counted twice: `model.safetensors` or
    its shards in the top folder, else all that there are."""
    weights = {path for path in paths if is_weights(path)}
    if "model.safetensors" in weights:
        return {"model.safetensors"}
    return {path for path in weights if _SHARD.fullmatch(path)} or weights


def read_weights(path: str, size: int, read: Read) -> Weights:
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
    spans = [_tensor(path, name, value) for name, value in header.items()]
    _check_spans(path, [span for _, span in spans], size - 8 - length)
    return Weights(tuple(tensor for tensor, _ in spans), metadata)


def _parse(path: str, data: bytes) -> dict[str, Any]:
    if not data.startswith(b"{"):
        raise _bad(path, "the header doesn't start with '{'")
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


def _tensor(path: str, name: str, value: Any) -> tuple[Tensor, tuple[int, int]]:
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise _bad(path, f"tensor {name[:80]!r} must have dtype, shape and data_offsets, and nothing else")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in _BITS:
        raise _bad(path, f"tensor {name[:80]!r} has the unknown dtype {str(dtype)[:20]!r}")
    if not _is_counts(shape) or not _is_counts(offsets) or len(offsets) != 2:
        raise _bad(path, f"tensor {name[:80]!r} has a shape or data_offsets that are not lists of whole numbers")
    bits = math.prod(shape) * _BITS[dtype]
    if bits % 8 or offsets[1] - offsets[0] != bits // 8:
        raise _bad(path, f"tensor {name[:80]!r} doesn't fill its data_offsets")
    return Tensor(name, dtype, tuple(shape)), (offsets[0], offsets[1])


def _is_counts(value: Any) -> bool:
    """A list of up to 64 whole numbers that fit 64 bits."""
    return (
        isinstance(value, list)
        and len(value) <= 64
        and all(type(number) is int and 0 <= number < 1 << 64 for number in value)
    )


def _check_spans(path: str, spans: list[tuple[int, int]], size: int) -> None:
    end = 0
    for start, stop in sorted(spans):
        if start != end:
            raise _bad(path, f"the tensors leave a hole or overlap at byte {start:,}")
        end = stop
    if end != size:
        raise _bad(path, f"the tensors take {end:,} bytes, and the file has {size:,} for them")


def _bad(path: str, fault: str) -> BadWeights:
    return BadWeights(f"{path} is not a valid safetensors file: {fault}. Save it anew, then push it again.", path=path)
