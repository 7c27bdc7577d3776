"""Request bodies of a length that is known before."""

from collections.abc import Iterator
from typing import Protocol

from hub.core.errors import HubError, TooLarge

_BLOCK = 1024**2


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_blocks(body: Readable, length: int, *, limit: int, error: type[HubError]) -> Iterator[bytes]:
    """All of the body in blocks of at most 1 MiB; `TooLarge` over the limit, `error` when it ends too early."""
    if length > limit:
        raise TooLarge(f"This body may have {limit:,} bytes at most; it has {length:,}.")
    return _blocks(body, length, error)


def _blocks(body: Readable, length: int, error: type[HubError]) -> Iterator[bytes]:
    missing = length
    while missing:
        short = f"The body ended {missing:,} bytes before its announced end. Nothing was stored; send it again."
        try:
            block = body.read(min(_BLOCK, missing))
        except OSError as broken_off:
            raise error(short) from broken_off
        if not block:
            raise error(short)
        missing -= len(block)
        yield block
