"""Xorbs and shards as a client makes them, written apart from the code under test."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import lz4.frame

from hub.storage.xet.hashing import Merkle, chunk_hash, file_hash, from_text, range_hash, to_text, xorb_hash
from hub.storage.xet.shard import TAG

BOOKEND = b"\xff" * 32 + bytes(16)
# The sample of the protocol notes: chunk i is byte i, 1000 + i times.
SAMPLE = [bytes([number]) * (1000 + number) for number in range(20)]


def nodes(chunks: Sequence[bytes]) -> list[tuple[bytes, int]]:
    return [(chunk_hash(chunk), len(chunk)) for chunk in chunks]


def group(data: bytes) -> bytes:
    return data[0::4] + data[1::4] + data[2::4] + data[3::4]


def record(data: bytes, scheme: int = 0, *, stored: bytes | None = None, raw: int | None = None) -> bytes:
    if stored is None:
        stored = data if scheme == 0 else lz4.frame.compress(group(data) if scheme == 2 else data)
    lengths = len(stored).to_bytes(3, "little"), len(data if raw is None else bytes(raw)).to_bytes(3, "little")
    return b"\0" + lengths[0] + bytes([scheme]) + lengths[1] + stored


def make_xorb(chunks: Sequence[bytes], scheme: int = 0) -> tuple[str, bytes]:
    """(hash, body)."""
    return to_text(xorb_hash(nodes(chunks))), b"".join(record(chunk, scheme) for chunk in chunks)


def hash_of_file(chunks: Sequence[bytes]) -> str:
    tree = Merkle()
    for node, length in nodes(chunks):
        tree.add(node, length)
    return to_text(file_hash(tree))


@dataclass
class FileEntry:
    """A file made of runs (xorb's chunks, start, end). Anything can be overridden, to lie."""

    runs: list[tuple[list[bytes], int, int]]
    hash: str = ""
    sha256: str = ""
    flags: int = 0b11 << 30
    raw: int | None = None
    proofs: list[bytes] = field(default_factory=list)

    @property
    def chunks(self) -> list[bytes]:
        return [chunk for chunks, start, end in self.runs for chunk in chunks[start:end]]

    def packed(self) -> bytes:
        name = from_text(self.hash or hash_of_file(self.chunks))
        digest = from_text(self.sha256 or hashlib.sha256(b"".join(self.chunks)).hexdigest())
        out = name + struct.pack("<II8x", self.flags, len(self.runs))
        for chunks, start, end in self.runs:
            raw = sum(map(len, chunks[start:end])) if self.raw is None else self.raw
            out += xorb_hash(nodes(chunks)) + struct.pack("<IIII", 0, raw, start, end)
        if self.flags >> 31:
            proofs = self.proofs or [
                range_hash(b"".join(node for node, _ in nodes(chunks[start:end]))) for chunks, start, end in self.runs
            ]
            out += b"".join(proof + bytes(16) for proof in proofs)
        if self.flags >> 30 & 1:
            out += digest + bytes(16)
        return out


def xorb_entry(chunks: Sequence[bytes], *, name: bytes | None = None, shift: int = 0) -> bytes:
    total = sum(map(len, chunks))
    out = (name or xorb_hash(nodes(chunks))) + struct.pack("<IIII", 0, len(chunks), total, 0)
    offset = shift
    for node, length in nodes(chunks):
        out += node + struct.pack("<IIII", offset, length, 0, 0)
        offset += length
    return out


def make_shard(files: Sequence[FileEntry] = (), xorbs: Sequence[bytes] = (), tail: bytes = b"") -> bytes:
    head = TAG + struct.pack("<QQ", 2, 0)
    return head + b"".join(file.packed() for file in files) + BOOKEND + b"".join(xorbs) + BOOKEND + tail
