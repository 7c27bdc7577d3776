"""Read the tensors out of a CTranslate2 model file (binary version 6)."""

import struct
from pathlib import Path

import numpy as np

from seeds.errors import WrongContent

VERSION = 6
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def read(path: Path) -> dict[str, np.ndarray]:
    """Tensor name → array, as stored; aliases are left out.

    Layout, little-endian: version u32; spec name; revision u32; count u32; then for each tensor its name, rank u8,
    dimensions u32, type u8, byte count u32, bytes. A name is a u16 length and that many bytes, the last one zero.
    """
    data, position = memoryview(path.read_bytes()), 0

    def number(code: str) -> int:
        nonlocal position
        value: int = struct.unpack_from("<" + code, data, position)[0]
        position += struct.calcsize(code)
        return value

    def text() -> str:
        nonlocal position
        length = number("H")
        position += length
        return bytes(data[position - length : position]).rstrip(b"\0").decode()

    if (version := number("I")) != VERSION:
        raise WrongContent(f"{path.name} is CTranslate2 version {version}, expected {VERSION}.")
    text()
    number("I")
    tensors = {}
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        kind, length = TYPES[number("B")], number("I")
        tensors[name] = np.frombuffer(data[position : position + length], kind).reshape(shape)
        position += length
    return tensors
