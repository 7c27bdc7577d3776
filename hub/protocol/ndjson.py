"""A commit's body, one JSON object a line, read in bounded memory.

A line may carry a file of many megabytes as base64. Such lines are never held: what stands in `"content"` is decoded
into a file as it arrives, and the rest of the line is parsed without it.
"""

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

import orjson

from hub.catalog.errors import BadCommit, CommitTooLarge

CHUNK = 256 * 1024
# Longer lines are decoded as they arrive.
LINE_LIMIT = 1024 * 1024
_SPOOL = 8 * 1024 * 1024
# Inside a JSON string quotes are escaped, so this is the start of a content and can't be part of a path.
_CONTENT = re.compile(rb'"content"\s*:\s*"')


@dataclass
class Line:
    """One line: its number from 1, its object, and the content decoded from it when it was too long to hold."""

    number: int
    value: dict[str, Any]
    content: BinaryIO | None = None


def read_lines(read: Callable[[int], bytes], *, most_content: int) -> Iterator[Line]:
    """The lines of a body, blank ones left out. Raises `BadCommit`, naming the line, and `CommitTooLarge`."""
    source = _Source(read)
    number = 0
    while True:
        line = source.take_line()
        number += 1
        if line is None:
            yield _read_large(source, number, most_content)
        elif line.strip():
            yield Line(number, _parse(line, number))
        elif source.is_empty:
            return


class _Source:
    """What has arrived and wasn't taken yet."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._ended = False
        self.buffer = bytearray()

    @property
    def is_empty(self) -> bool:
        return self._ended and not self.buffer

    def more(self) -> bool:
        """Whether anything more arrived."""
        chunk = b"" if self._ended else self._read(CHUNK)
        self._ended = not chunk
        self.buffer += chunk
        return bool(chunk)

    def take(self, length: int, skip: int = 0) -> bytes:
        taken = bytes(self.buffer[:length])
        del self.buffer[: length + skip]
        return taken

    def take_line(self) -> bytes | None:
        """The next line, or what is left at the end; None for a line that is too long."""
        seen = 0
        while (end := self.buffer.find(b"\n", seen)) < 0:
            seen = len(self.buffer)
            if seen > LINE_LIMIT:
                return None
            if not self.more():
                return self.take(seen)
        return self.take(end, skip=1)


def _read_large(source: _Source, number: int, most_content: int) -> Line:
    start = _CONTENT.search(source.buffer)
    if start is None:
        raise BadCommit(f"Line {number} is longer than {LINE_LIMIT:,} bytes, and it holds no file.", line=number)
    head = source.take(start.end())
    content = cast(BinaryIO, SpooledTemporaryFile(max_size=_SPOOL))  # noqa: SIM115 - its user closes it
    try:
        _decode(source, number, content, most_content)
        rest = source.take_line()
        if rest is None or not rest:
            raise _broken(number)
        value = _parse(head + rest, number)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return Line(number, value, content)


def _decode(source: _Source, number: int, content: BinaryIO, most: int) -> None:
    """Decode base64 up to the closing quote, which stays."""
    carry, written, padded = b"", 0, False
    while True:
        end = source.buffer.find(b'"')
        text = carry + source.take(len(source.buffer) if end < 0 else end)
        usable = len(text) if end >= 0 else len(text) // 4 * 4
        piece, carry = text[:usable], text[usable:]
        if piece and padded:
            raise _bad_base64(number)
        padded = piece.endswith(b"=")
        data = decode_base64(piece, number)
        written += len(data)
        if written > most:
            raise CommitTooLarge(f"Line {number} holds a file of more than {most:,} bytes; send it as a large file.")
        content.write(data)
        if end >= 0:
            return
        if not source.more():
            raise _broken(number)


def decode_base64(text: bytes | str, number: int) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise _bad_base64(number) from error


def _parse(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadCommit(f"Line {number} of the commit is not valid JSON: {error}.", line=number) from error
    if not isinstance(value, dict):
        raise BadCommit(f"Line {number} of the commit is not a JSON object.", line=number)
    return value


def _broken(number: int) -> BadCommit:
    return BadCommit(f"The body breaks off in line {number}. Nothing was committed; send it again.", line=number)


def _bad_base64(number: int) -> BadCommit:
    return BadCommit(f"The content in line {number} is not valid base64.", line=number)
