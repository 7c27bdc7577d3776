"""Weights files made byte by byte, so that each fault can be put into them."""

import json
import struct
from collections.abc import Sequence
from typing import Any

GGUF_TEXT, GGUF_LIST, GGUF_U32 = 8, 9, 4


def safetensors(tensors: dict[str, tuple[str, list[int], int]], *, fill: int = 1, **metadata: str) -> bytes:
    """Tensors as (dtype, shape, bytes)."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    end = 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes([fill]) * end


def gguf_text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def gguf_key(name: str, kind: int, value: bytes) -> bytes:
    return gguf_text(name) + struct.pack("<I", kind) + value


def gguf(
    keys: Sequence[bytes] = (),
    tensors: Sequence[tuple[str, list[int], int, int]] = (),
    *,
    version: int = 3,
    body: int = 0,
) -> bytes:
    """Tensors as (name, dimensions, number of the type, offset)."""
    infos = b"".join(
        gguf_text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
        for name, shape, kind, offset in tensors
    )
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(keys)) + b"".join(keys) + infos
    return head + b"\0" * (-len(head) % 32) + b"\1" * body


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: int | bytes) -> bytes:
    """A field of a protobuf message: a number, or bytes with their length before them."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def onnx_tensor(name: str, shape: list[int], kind: int, raw: bytes | None) -> bytes:
    found = b"".join(field(1, count) for count in shape) + field(2, kind) + field(8, name.encode())
    return found if raw is None else found + field(9, raw)


def onnx(*graph: bytes) -> bytes:
    """A model whose graph has these fields."""
    return field(1, 9) + field(2, b"hand") + field(8, field(2, 17)) + field(7, b"".join(graph))
