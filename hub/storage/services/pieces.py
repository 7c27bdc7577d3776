"""Bytes on the move: read a body in bounded pieces, hash them in a second thread."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, Self

from hub.storage.backends import CHUNK, Bytes
from hub.storage.errors import BadPart


class Body(Protocol):
    """What bytes are read from: a request, a file. `readinto(buffer) -> int` is used too where there is one."""

    def read(self, size: int, /) -> bytes: ...


def pieces_of(body: Body, length: int) -> Iterator[Bytes]:
    """Exactly `length` bytes, in pieces of at most 1 MiB. A piece holds good until the next but one is asked for.

    Raises `BadPart` when the body ends before, or breaks off.
    """
    filled = _read_pieces(body, length) if not hasattr(body, "readinto") else _fill_buffers(body, length)
    received = 0
    try:
        for piece in filled:
            received += len(piece)
            yield piece
    except OSError as error:
        raise _cut_short(received, length) from error
    if received != length:
        raise _cut_short(received, length)


class Hasher:
    """sha256 of pieces as they pass. hashlib frees the interpreter's lock, so a second thread hides most of it."""

    def __init__(self, length: int) -> None:
        self._digest = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1) if length > CHUNK else None
        self._pending: Future[None] | None = None

    def update(self, piece: Bytes) -> None:
        """Returns once the piece before this one is hashed."""
        if self._pool is None:
            self._digest.update(piece)
            return
        if self._pending:
            self._pending.result()
        self._pending = self._pool.submit(self._digest.update, piece)

    def hexdigest(self) -> str:
        if self._pending:
            self._pending.result()
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown()


def sha256_of(pieces: Iterable[Bytes], size: int) -> str:
    """The sha256 of all the pieces; `size` is about how many bytes they are."""
    with Hasher(size) as hasher:
        for piece in pieces:
            hasher.update(piece)
        return hasher.hexdigest()


def _read_pieces(body: Body, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := body.read(min(CHUNK, length))):
        if len(piece) > length:
            raise BadPart(f"The body is longer than the {length:,} bytes that were left of it.")
        yield piece
        length -= len(piece)


def _fill_buffers(body: Body, length: int) -> Iterator[memoryview]:
    readinto = body.readinto  # type: ignore[attr-defined]
    buffers = itertools.cycle([memoryview(bytearray(min(CHUNK, length))) for _ in range(2)])
    while length > 0:
        buffer, filled = next(buffers)[: min(CHUNK, length)], 0
        while filled < len(buffer) and (count := readinto(buffer[filled:])):
            filled += count
        if not filled:
            return
        yield buffer[:filled]
        length -= filled


def _cut_short(received: int, length: int) -> BadPart:
    return BadPart(f"The body ended after {received:,} of {length:,} bytes. Send this part again.")
