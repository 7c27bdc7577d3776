"""Hashes of Xet: keyed blake3 over chunks, and Merkle trees over lists of chunks.

A hash is 32 raw bytes here. As text it is four little-endian u64 in hex: each group of eight bytes is reversed, so the
text of a hash is *not* `raw.hex()`.
"""

import re
import struct
from collections.abc import Iterable

from blake3 import blake3

HASH_BYTES = 32
EMPTY = bytes(HASH_BYTES)

_CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
_NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
_RANGE_KEY = bytes.fromhex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3")
_FILE_KEY = bytes(32)
_WORDS, _TEXT_WORDS = struct.Struct("<4Q"), struct.Struct(">4Q")
_TEXT = re.compile(r"[0-9a-f]{64}")
_MIN_GROUP, _MAX_GROUP = 3, 9


def to_text(raw: bytes) -> str:
    """The 64 hex digits that stand for a hash in addresses and JSON."""
    return _TEXT_WORDS.pack(*_WORDS.unpack(raw)).hex()


def from_text(text: str) -> bytes:
    """The raw hash; ValueError unless `text` is 64 lower-case hex digits."""
    if not _TEXT.fullmatch(text):
        raise ValueError("A Xet hash is 64 lower-case hex digits.")
    return _WORDS.pack(*_TEXT_WORDS.unpack(bytes.fromhex(text)))


def chunk_hash(data: bytes) -> bytes:
    return blake3(data, key=_CHUNK_KEY).digest()


def range_hash(chunk_hashes: bytes) -> bytes:
    """Proof that one knows the chunks of a range, from their hashes put end to end."""
    return blake3(chunk_hashes, key=_RANGE_KEY).digest()


def keyed_hash(chunk: bytes, key: bytes) -> bytes:
    """A chunk's hash as an answer to a dedup query names it, under that answer's key."""
    return blake3(chunk, key=key).digest()


def xorb_hash(chunks: Iterable[tuple[bytes, int]]) -> bytes:
    """Of all chunks of a xorb, as (hash, uncompressed length). A single chunk's xorb has the chunk's hash."""
    tree = Merkle()
    for chunk, length in chunks:
        tree.add(chunk, length)
    return tree.root()


def file_hash(tree: "Merkle") -> bytes:
    """Of a file whose chunks were added to `tree`; all zeros for an empty file."""
    return blake3(tree.root(), key=_FILE_KEY).digest() if tree.size else EMPTY


class Merkle:
    """The Merkle tree over a list of chunks that may be too long to hold: at most nine nodes wait on each level.

    A group is cut after its third to ninth node, at the first whose hash is 0 mod 4; what is left at the end of a level
    is a group too. Levels grow until one node is left.
    """

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[tuple[bytes, int]]] = [[]]
        self._made = [0]

    def add(self, node: bytes, length: int) -> None:
        """The next chunk: its hash, and its length in bytes."""
        self.size += length
        self._push(0, node, length)

    def root(self) -> bytes:
        """The top node's hash. The tree can't grow any more after this."""
        level = 0
        while self._made[level] != 1:
            if not self._made[level]:
                return EMPTY
            if self._levels[level]:
                self._close(level)
            level += 1
        return self._levels[level][0][0]

    def _push(self, level: int, node: bytes, length: int) -> None:
        if level == len(self._levels):
            self._levels.append([])
            self._made.append(0)
        waiting = self._levels[level]
        waiting.append((node, length))
        self._made[level] += 1
        if len(waiting) >= _MIN_GROUP and (node[24] & 3 == 0 or len(waiting) == _MAX_GROUP):
            self._close(level)

    def _close(self, level: int) -> None:
        group = self._levels[level]
        self._levels[level] = []
        lines = "".join(f"{to_text(node)} : {length}\n" for node, length in group)
        self._push(level + 1, blake3(lines.encode(), key=_NODE_KEY).digest(), sum(length for _, length in group))
