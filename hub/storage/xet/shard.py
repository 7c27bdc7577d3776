"""Shards: what a client says about the files it uploaded, and about the xorbs that it put their chunks into.

All little-endian, in records of 48 bytes. A header (tag, u64 version, u64 footer size), then the files, then the
xorbs, each section closed by a bookend. Lookup tables and footers of old clients come after that and are ignored.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hub.storage.xet.errors import BadShard
from hub.storage.xet.hashing import to_text

MAX_BODY = 64 * 1024**2
RECORD = 48
TAG = bytes.fromhex("48465265706f4d6574614461746100556967456a7b815783a5bdd95ccdd14aa9")
VERSION = 2
HAS_RANGE_HASHES = 1 << 31
HAS_SHA256 = 1 << 30
_BOOKEND = b"\xff" * 32

_FILE = np.dtype([("hash", "V32"), ("flags", "<u4"), ("count", "<u4"), ("rest", "V8")])
_SEGMENT = np.dtype([("xorb", "V32"), ("flags", "<u4"), ("raw", "<u4"), ("start", "<u4"), ("end", "<u4")])
_XORB = np.dtype([("hash", "V32"), ("flags", "<u4"), ("count", "<u4"), ("raw", "<u4"), ("disk", "<u4")])
_CHUNK = np.dtype([("hash", "V32"), ("offset", "<u4"), ("raw", "<u4"), ("flags", "<u4"), ("rest", "V4")])
_PROOF = np.dtype([("hash", "V32"), ("rest", "V16")])
_STORED_SEGMENT = np.dtype([("xorb", "V32"), ("raw", "<u4"), ("start", "<u4"), ("end", "<u4")])


@dataclass(frozen=True)
class Segment:
    """Chunks `start` to `end` (exclusive) of a xorb, `raw_length` bytes in all."""

    xorb: bytes
    raw_length: int
    start: int
    end: int


@dataclass(frozen=True)
class Segments:
    """A file as runs of chunks. Packed: 44 bytes each, xorb hash[32], u32 raw bytes, u32 start, u32 end (LE)."""

    packed: bytes

    def __len__(self) -> int:
        return len(self.packed) // _STORED_SEGMENT.itemsize

    def __iter__(self) -> Iterator[Segment]:
        return self.from_number(0)

    def from_number(self, number: int) -> Iterator[Segment]:
        """The segments from this one on."""
        size = _STORED_SEGMENT.itemsize
        for at in range(number * size, len(self.packed), size):
            xorb = self.packed[at : at + 32]
            raw, start, end = np.frombuffer(self.packed, "<u4", 3, at + 32).tolist()
            yield Segment(xorb, raw, start, end)

    @property
    def raw_ends(self) -> np.ndarray:
        """The offset in the file at which each segment ends."""
        return np.cumsum(np.frombuffer(self.packed, _STORED_SEGMENT)["raw"], dtype=np.int64)

    @property
    def size(self) -> int:
        return int(self.raw_ends[-1]) if self.packed else 0

    def xorbs(self) -> set[bytes]:
        """The raw hashes of all xorbs that the file needs."""
        hashes = np.frombuffer(self.packed, _STORED_SEGMENT)["xorb"].tobytes()
        return {hashes[at : at + 32] for at in range(0, len(hashes), 32)}


@dataclass(frozen=True, slots=True)
class ShardFile:
    """A file that the shard announces. It only points into the shard, so that many small files take little memory."""

    data: bytes
    at: int
    count: int

    @property
    def hash(self) -> bytes:
        return self.data[self.at : self.at + 32]

    @property
    def segments(self) -> Segments:
        listed = np.frombuffer(self.data, _SEGMENT, self.count, self.at + RECORD)
        stored = np.empty(self.count, _STORED_SEGMENT)
        for field in ("xorb", "raw", "start", "end"):
            stored[field] = listed[field]
        return Segments(stored.tobytes())

    @property
    def range_hashes(self) -> bytes:
        """One hash for each segment, end to end."""
        proofs = np.frombuffer(self.data, _PROOF, self.count, self.at + RECORD * (1 + self.count))
        return proofs["hash"].tobytes()

    @property
    def sha256(self) -> str:
        """In hex. Shards hold it in the byte order of hash texts."""
        at = self.at + RECORD * (1 + 2 * self.count)
        return to_text(self.data[at : at + 32])


@dataclass(frozen=True, slots=True)
class ShardXorb:
    """A xorb that the shard lists, with its chunks."""

    data: bytes
    at: int
    count: int

    @property
    def hash(self) -> bytes:
        return self.data[self.at : self.at + 32]

    @property
    def raw_size(self) -> int:
        return int(np.frombuffer(self.data, _XORB, 1, self.at)["raw"][0])

    @property
    def chunk_hashes(self) -> bytes:
        return self._chunks["hash"].tobytes()

    @property
    def raw_lengths(self) -> np.ndarray:
        return self._chunks["raw"]

    @property
    def raw_offsets(self) -> np.ndarray:
        return self._chunks["offset"]

    @property
    def _chunks(self) -> np.ndarray:
        return np.frombuffer(self.data, _CHUNK, self.count, self.at + RECORD)


@dataclass(frozen=True)
class Shard:
    files: tuple[ShardFile, ...]
    xorbs: tuple[ShardXorb, ...]


def parse(data: bytes) -> Shard:
    """What an uploaded shard says, its structure checked; `BadShard` whatever is wrong with it."""
    if len(data) < RECORD or data[:32] != TAG:
        raise BadShard("This is not a shard: it doesn't begin with a shard's tag.")
    if (version := int.from_bytes(data[32:40], "little")) != VERSION:
        raise BadShard(f"Shards of version {version} can't be read here, only version {VERSION}.")
    files, at = _parse_files(data, RECORD)
    return Shard(files, _parse_xorbs(data, at))


def _parse_files(data: bytes, at: int) -> tuple[tuple[ShardFile, ...], int]:
    files = []
    while not _is_bookend(data, at):
        head = np.frombuffer(data, _FILE, 1, at)[0]
        count, flags = int(head["count"]), int(head["flags"])
        if not flags & HAS_RANGE_HASHES:
            raise BadShard("A file has no verification entries. They are needed to show that its chunks are known.")
        if not flags & HAS_SHA256:
            raise BadShard("A file has no sha256 entry. Commits name large files by it.")
        files.append(ShardFile(data, at, count))
        at += RECORD * (2 + 2 * count)
        if at > len(data):
            raise BadShard("The shard is cut off in the middle of a file's entries.")
    return tuple(files), at + RECORD


def _parse_xorbs(data: bytes, at: int) -> tuple[ShardXorb, ...]:
    xorbs = []
    while not _is_bookend(data, at):
        count = int(np.frombuffer(data, _XORB, 1, at)[0]["count"])
        xorbs.append(ShardXorb(data, at, count))
        at += RECORD * (1 + count)
        if at > len(data):
            raise BadShard("The shard is cut off in the middle of a xorb's entries.")
    return tuple(xorbs)


def _is_bookend(data: bytes, at: int) -> bool:
    if at + RECORD > len(data):
        raise BadShard("The shard ends before its sections are closed.")
    return data[at : at + 32] == _BOOKEND
