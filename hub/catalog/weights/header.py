"""What all formats have in common: tensors, and a cursor that reads a header in bounded steps."""

import math
import struct
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from hub.catalog.errors import BadWeights

Read = Callable[[int, int], bytes]

MAX_TENSORS = 100_000
MAX_NAME = 1_000
# Texts of the metadata are cut here; they are shown, not worked with.
MAX_TEXT = 2_000
_MAX_BYTES = 64_000_000
_MAX_READS = 20_000
_FIRST, _NEAR, _FAR = 1 << 16, 1 << 13, 1 << 20


class Detail(TypedDict, total=False):
    """`GitObject.detail` of a weights file: `parameters` by dtype, or `fault`, why its header can't be read.

    `bytes` are those of the tensors alone, `shape` what a GGUF file says of its transformer. Files that were pushed in
    earlier days have `parameters` only.
    """

    format: str
    parameters: dict[str, int]
    tensors: int
    bytes: int
    shape: dict[str, int]
    fault: str


@dataclass(frozen=True, slots=True)
class Tensor:
    """`size` is in bytes; `start` is where they lie in the file, None where they lie elsewhere or aren't kept raw."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    size: int = 0
    start: int | None = None

    @property
    def parameters(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class Weights:
    """What a weights file says of itself."""

    tensors: tuple[Tensor, ...]
    metadata: dict[str, str]

    @property
    def parameters(self) -> dict[str, int]:
        """How many numbers there are of each dtype (texts, which ONNX knows too, are none)."""
        counts: dict[str, int] = defaultdict(int)
        for tensor in self.tensors:
            if tensor.dtype != "STRING":
                counts[tensor.dtype] += tensor.parameters
        return dict(counts)

    @property
    def size(self) -> int:
        return sum(tensor.size for tensor in self.tensors)


class Cursor:
    """Reads a file onward in windows that grow while nothing is skipped; never more than 64 MB of it in all."""

    def __init__(self, kind: str, path: str, size: int, read: Read) -> None:
        self.at, self.size, self.steps = 0, size, 0
        self._kind, self._path, self._read = kind, path, read
        self._window, self._base, self._step = b"", 0, 0
        self._bytes_left, self._reads_left = _MAX_BYTES, _MAX_READS

    def bad(self, fault: str) -> BadWeights:
        return BadWeights(
            f"{self._path} is not a {self._kind} file that can be read: {fault}. Save it anew, then push it again.",
            path=self._path,
            fault=fault,
        )

    def take(self, length: int) -> bytes:
        """The next bytes; for small pieces."""
        here = self.at - self._base
        if here < 0 or here + length > len(self._window):
            self._fill(length)
            here = 0
        self.at += length
        return self._window[here : here + length]

    def peek(self) -> int:
        """The next byte, which is taken later."""
        value = self.take(1)[0]
        self.at -= 1
        return value

    def number(self, layout: str, length: int) -> int | float:
        return struct.unpack(layout, self.take(length))[0]

    def uint(self, length: int) -> int:
        """A whole number, the lowest byte first."""
        return int.from_bytes(self.take(length), "little")

    def text(self, length: int, most: int, what: str) -> str:
        if length > most:
            raise self.bad(f"{what} has {length:,} bytes, and {most:,} are the most")
        return self.take(length).decode("utf-8", "replace")

    def seek(self, to: int) -> None:
        if to > self.size:
            raise self.bad(f"it announces {to:,} bytes or more, and has {self.size:,}")
        self.at = to

    def skip_texts(self, count: int) -> None:
        """Texts with their length in 8 bytes before each: vocabularies have hundreds of thousands."""
        if count * 8 > self.size - self.at:
            raise self.bad(f"it announces {count:,} texts, more than it has room for")
        while count:
            self.take(8)
            window, here = self._window, self.at - 8 - self._base
            last = len(window) - 8
            while count and here <= last:
                here += 8 + int.from_bytes(window[here : here + 8], "little")
                count -= 1
            self.seek(self._base + here)

    def _fill(self, length: int) -> None:
        if length > self.size - self.at:
            raise self.bad(f"it ends after {self.size:,} bytes, inside of its header")
        is_onward = 0 <= self.at - self._base <= len(self._window)
        self._step = min(self._step * 4, _FAR) if is_onward and self._step else _NEAR if self._step else _FIRST
        wanted = min(max(length, self._step), self.size - self.at)
        self._bytes_left -= wanted
        self._reads_left -= 1
        if self._bytes_left < 0 or self._reads_left < 0:
            raise self.bad(f"its header is longer than the {_MAX_BYTES // 1_000_000} MB that are read of one")
        self._window, self._base = self._read(self.at, wanted), self.at
        if len(self._window) < length:
            raise self.bad("bytes of its header are missing")
