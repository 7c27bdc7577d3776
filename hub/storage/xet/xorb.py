"""Xorbs: runs of compressed chunks. Each chunk is a header of eight bytes and its data.

Header: u8 version = 0, u24 stored length, u8 scheme, u24 raw length (little-endian). Old clients put a footer behind
the last chunk, which begins with `XETBLOB`; it is dropped, and everything in it computed anew.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import lz4.frame
import numpy as np

from hub.storage.xet.errors import BadXorb
from hub.storage.xet.hashing import chunk_hash, to_text, xorb_hash

MAX_CHUNKS = 8192
MAX_CHUNK = 128 * 1024
MAX_STORED_CHUNK = 256 * 1024
MAX_RAW = 64 * 1024**2
# The cap is on raw bytes: headers, and data that doesn't compress, put the body above it.
MAX_BODY = 66 * 1024**2 + 128 * 1024
HEADER = 8
FOOTER_MAGIC = b"XETBLOB"

_AS_IS, _LZ4, _GROUPED_LZ4 = 0, 1, 2
_LENGTHS = struct.Struct("<II")
_ENTRY = np.dtype([("hash", "V32"), ("raw", "<u4"), ("end", "<u4")])


@dataclass(frozen=True)
class Chunk:
    """A chunk that was read and decoded: `record` is how it lies in the xorb, header included."""

    record: bytes
    data: bytes


@dataclass(frozen=True)
class ChunkIndex:
    """Where each chunk of a xorb lies. Packed: 40 bytes a chunk, hash[32], u32 raw length, u32 end offset (LE)."""

    packed: bytes

    @cached_property
    def _entries(self) -> np.ndarray:
        return np.frombuffer(self.packed, _ENTRY)

    @cached_property
    def raw_ends(self) -> np.ndarray:
        """The offset in the uncompressed xorb at which each chunk ends."""
        return np.cumsum(self._entries["raw"], dtype=np.int64)

    @property
    def count(self) -> int:
        return len(self._entries)

    @property
    def raw_size(self) -> int:
        return int(self.raw_ends[-1]) if self.count else 0

    @property
    def disk_size(self) -> int:
        return int(self._entries["end"][-1]) if self.count else 0

    def hashes(self, start: int, end: int) -> bytes:
        """The raw hashes of chunks `start` to `end` (exclusive), end to end."""
        return self._entries["hash"][start:end].tobytes()

    def raw_length(self, start: int, end: int) -> int:
        return int(self._entries["raw"][start:end].sum(dtype=np.int64))

    def stored_range(self, start: int, end: int) -> tuple[int, int]:
        """From and to which offset of the stored xorb these chunks lie."""
        ends = self._entries["end"]
        return (int(ends[start - 1]) if start else 0), int(ends[end - 1])

    def chunks(self, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int]]:
        """(hash, raw length) of each chunk."""
        part = self._entries[start:end]
        hashes = part["hash"].tobytes()
        for number, length in enumerate(part["raw"].tolist()):
            yield hashes[32 * number : 32 * number + 32], length

    def holds_exactly(self, hashes: bytes, raw_lengths: np.ndarray) -> bool:
        """Whether these are all of its chunks, in this order."""
        return self._entries["hash"].tobytes() == hashes and bool(np.array_equal(self._entries["raw"], raw_lengths))


class XorbReader:
    """Reads a xorb once, front to back, and knows its index afterwards. Keeps one chunk and one block in memory."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._source = _Source(blocks)
        self._packed = bytearray()
        self._raw = self._stored = 0

    def __iter__(self) -> Iterator[Chunk]:
        """Every chunk, decoded to exactly its declared length and hashed, within the limits; `BadXorb` if one isn't."""
        while header := self._source.take(HEADER):
            if header.startswith(FOOTER_MAGIC):
                self._source.drain()
                break
            stored, scheme, raw = parse_header(header)
            data = self._source.take(stored)
            if len(self._packed) == _ENTRY.itemsize * MAX_CHUNKS or self._raw + raw > MAX_RAW:
                raise BadXorb(f"A xorb holds at most {MAX_CHUNKS} chunks and {MAX_RAW} bytes of them uncompressed.")
            chunk = Chunk(header + data, decode(scheme, data, raw))
            self._raw += raw
            self._stored += HEADER + stored
            self._packed += chunk_hash(chunk.data) + _LENGTHS.pack(raw, self._stored)
            yield chunk
        if not self._packed:
            raise BadXorb("The xorb holds no chunk.")

    def index(self) -> ChunkIndex:
        """The index of all chunks; call it when the iteration is over."""
        return ChunkIndex(bytes(self._packed))


def hash_of(index: ChunkIndex) -> str:
    """The xorb's hash, as text."""
    return to_text(xorb_hash(index.chunks()))


def split(records: bytes, count: int) -> Iterator[bytes]:
    """The decoded data of `count` chunks whose records lie end to end; `BadXorb` if they don't."""
    at = 0
    for _ in range(count):
        stored, scheme, raw = parse_header(records[at : at + HEADER])
        at += HEADER
        yield decode(scheme, records[at : at + stored], raw)
        at += stored
    if at != len(records):
        raise BadXorb("The chunks don't fill the range that was read.")


def parse_header(header: bytes) -> tuple[int, int, int]:
    """(stored length, scheme, raw length) of a chunk, checked against the limits."""
    if len(header) != HEADER or header[0] != 0:
        raise BadXorb("Where a chunk should begin, there is something else.")
    stored, scheme, raw = int.from_bytes(header[1:4], "little"), header[4], int.from_bytes(header[5:8], "little")
    if not 0 < raw <= MAX_CHUNK or not 0 < stored <= MAX_STORED_CHUNK:
        raise BadXorb(f"A chunk of {raw} bytes, {stored} stored, is empty or over the limit of {MAX_CHUNK} bytes.")
    if scheme > _GROUPED_LZ4:
        raise BadXorb(f"Compression scheme {scheme} is not known here.")
    return stored, scheme, raw


def decode(scheme: int, stored: bytes, raw_length: int) -> bytes:
    """A chunk's data, of exactly `raw_length` bytes; nothing longer is ever produced, whatever `stored` unfolds to."""
    if scheme == _AS_IS:
        if len(stored) != raw_length:
            raise BadXorb("An uncompressed chunk is not as long as its header says.")
        return stored
    frame = lz4.frame.LZ4FrameDecompressor()
    try:
        # One byte more than declared, so that the end mark is reached and a longer frame shows itself.
        data: bytes = frame.decompress(stored, max_length=raw_length + 1)
    except (RuntimeError, ValueError, EOFError) as error:
        raise BadXorb(f"A chunk's LZ4 frame can't be decoded ({error}).") from error
    if len(data) != raw_length or not frame.eof or frame.unused_data:
        raise BadXorb(f"A chunk's LZ4 frame doesn't decode to exactly the {raw_length} bytes that its header says.")
    return ungroup(data) if scheme == _GROUPED_LZ4 else data


def ungroup(data: bytes) -> bytes:
    """Undo byte grouping, which puts all bytes at 0 mod 4 first, then those at 1 mod 4, and so on."""
    grouped = np.frombuffer(data, np.uint8)
    out = np.empty(len(data), np.uint8)
    at = 0
    for lane in range(4):
        width = (len(data) - lane + 3) // 4
        out[lane::4] = grouped[at : at + width]
        at += width
    return out.tobytes()


class _Source:
    """Takes exact lengths out of blocks of any length."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._block = b""
        self._at = 0

    def take(self, length: int) -> bytes:
        """The next `length` bytes; nothing at the end; `BadXorb` when it ends in between."""
        if self._at + length <= len(self._block):
            taken = self._block[self._at : self._at + length]
            self._at += length
            return taken
        parts = [self._block[self._at :]]
        missing = length - len(parts[0])
        self._at = len(self._block)
        while missing:
            self._block = next(self._blocks, b"")
            if not self._block:
                self._at = 0
                break
            parts.append(self._block[:missing])
            self._at = len(parts[-1])
            missing -= self._at
        taken = b"".join(parts)
        if missing and taken:
            raise BadXorb("The xorb is cut off in the middle of a chunk.")
        return taken

    def drain(self) -> None:
        for _ in self._blocks:
            pass
        self._block, self._at = b"", 0
