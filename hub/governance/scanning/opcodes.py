"""The arguments of a pickle's opcodes, read as strictly as picklers write them.

What CPython reads in more than one way (numbers with a prefix or a blank, texts beyond ASCII) ends the reading.
"""

import codecs
import re
import struct
from collections.abc import Callable
from typing import Any

from hub.governance.scanning.findings import NotUnderstood
from hub.governance.scanning.limits import MAX_LINE
from hub.governance.scanning.source import Source

_WINDOW = 1 << 18
_INT = re.compile(rb"-?(0|[1-9][0-9]{0,18})")
_LONG = re.compile(rb"-?(0|[1-9][0-9]{0,999})L?")
_INDEX = re.compile(rb"0|[1-9][0-9]{0,8}")
_FLOAT = re.compile(rb"-?([0-9]{1,400}(\.[0-9]{0,400})?(e[+-]?[0-9]{1,4})?|inf|nan)")
# As Python writes a text: printable, with a few escapes.
_ESCAPED = re.compile(rb"([ -\[\]-~]|\\([\\'\"nrt]|x[0-9a-f]{2}))*")
_PATH = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


class Stream:
    """A pickle's bytes, onward from `at`."""

    def __init__(self, source: Source, at: int = 0, end: int | None = None) -> None:
        self.at, self._end = at, source.size if end is None else end
        self._source, self._window, self._base = source, b"", 0
        self._frame_end: int | None = None

    @property
    def is_done(self) -> bool:
        return self.at >= self._end

    def take(self, length: int) -> bytes:
        """The next bytes, which lie in one frame with their opcode."""
        stop = self.at + length
        if stop > self._end:
            raise NotUnderstood("a pickle ends in the middle")
        if self._frame_end is not None and stop > self._frame_end:
            raise NotUnderstood("a pickle's frames don't hold whole opcodes")
        here = self.at - self._base
        if here < 0 or here + length > len(self._window):
            if length > _WINDOW:
                data = self._source.read(self.at, length)
                self.at = stop
                return data
            self._window, self._base, here = self._source.read(self.at, _WINDOW), self.at, 0
        self.at = stop
        return self._window[here : here + length]

    def skip(self, length: int) -> None:
        """Over bytes whose content doesn't matter."""
        stop = self.at + length
        if stop > self._end or (self._frame_end is not None and stop > self._frame_end):
            raise NotUnderstood("a pickle's bytes go beyond its end, or its frame")
        self.at = stop

    def opcode(self) -> bytes:
        if self._frame_end is not None and self.at == self._frame_end:
            self._frame_end = None
        return self.take(1)

    def line(self) -> bytes:
        """Up to the end of the line, without it."""
        found = b""
        while not found.endswith(b"\n"):
            if len(found) >= MAX_LINE:
                raise NotUnderstood("a pickle has a line without an end")
            found += self.take(1)
        return found[:-1]

    def begin_frame(self, length: int) -> None:
        if self._frame_end is not None or self.at + length > self._end:
            raise NotUnderstood("a pickle's frame is longer than the file, or lies in another")
        self._frame_end = self.at + length

    def end_frame(self) -> None:
        """At the end of a pickle: its frame ends there, too."""
        if self._frame_end is not None and self._frame_end != self.at:
            raise NotUnderstood("a pickle ends before its frame")
        self._frame_end = None


def _uint(size: int) -> Callable[[Stream], int]:
    return lambda stream: int.from_bytes(stream.take(size), "little")


def _signed(size: int) -> Callable[[Stream], int]:
    return lambda stream: int.from_bytes(stream.take(size), "little", signed=True)


def _text(size: int) -> Callable[[Stream], Any]:
    """Unicode with its length before it."""

    def read(stream: Stream) -> str:
        data = stream.take(_uint(size)(stream))
        try:
            # As the unpickler does: halves of pairs are kept, and equal no name that is allowed.
            return data.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise NotUnderstood("a pickle has a text that is no UTF-8") from error

    return read


def _bytes(size: int) -> Callable[[Stream], bytes]:
    """Their content isn't kept: nothing is named by it."""

    def read(stream: Stream) -> bytes:
        stream.skip(_uint(size)(stream))
        return b""

    return read


def _old_text(size: int) -> Callable[[Stream], str]:
    """A string of Python 2: which text it is depends on who loads it, unless it is ASCII."""

    def read(stream: Stream) -> str:
        length = _uint(size)(stream)
        if size == 4 and length >= 1 << 31:
            raise NotUnderstood("a pickle has a text of negative length")
        return _ascii(stream.take(length))

    return read


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise NotUnderstood("a pickle has an old text beyond ASCII, which loaders read in different ways") from error


def _quoted(stream: Stream) -> str:
    line = stream.line()
    if len(line) < 2 or line[:1] not in (b"'", b'"') or line[-1:] != line[:1]:
        raise NotUnderstood("a pickle has a text without its quotes")
    if not _ESCAPED.fullmatch(line[1:-1]):
        raise NotUnderstood("a pickle has a text that escapes as no pickler does, or is beyond ASCII")
    return _ascii(codecs.escape_decode(line[1:-1])[0])


def _raw_text(stream: Stream) -> str:
    try:
        return stream.line().decode("raw-unicode-escape")
    except UnicodeDecodeError as error:
        raise NotUnderstood("a pickle has a text that escapes wrongly") from error


def _int(stream: Stream) -> int | bool:
    line = stream.line()
    if line in (b"00", b"01"):
        return line == b"01"
    return int(_strict(_INT, line))


def _long(stream: Stream) -> int:
    return int(_strict(_LONG, stream.line()).rstrip(b"L"))


def _index(stream: Stream) -> int:
    return int(_strict(_INDEX, stream.line()))


def _float(stream: Stream) -> float:
    return float(_strict(_FLOAT, stream.line()))


def _strict(pattern: re.Pattern[bytes], line: bytes) -> bytes:
    if not pattern.fullmatch(line):
        raise NotUnderstood("a pickle writes a number as no pickler does")
    return line


def _double(stream: Stream) -> float:
    return float(struct.unpack(">d", stream.take(8))[0])


def _sized_long(size: int) -> Callable[[Stream], int]:
    def read(stream: Stream) -> int:
        length = _uint(size)(stream)
        if length > 1_000:
            raise NotUnderstood("a pickle has a number of more than a thousand bytes")
        return int.from_bytes(stream.take(length), "little", signed=True)

    return read


def _names(stream: Stream) -> tuple[str, str]:
    module, name = stream.line(), stream.line()
    if not _PATH.fullmatch(module) or not _PATH.fullmatch(name):
        raise NotUnderstood("a pickle names something by what is no name")
    return module.decode(), name.decode()


ARGUMENTS: dict[bytes, Callable[[Stream], Any]] = {
    b"\x80": _uint(1),
    **{b"I": _int, b"L": _long, b"F": _float, b"J": _signed(4), b"K": _uint(1), b"M": _uint(2), b"G": _double},
    **{b"\x8a": _sized_long(1), b"\x8b": _sized_long(4)},
    **{b"S": _quoted, b"T": _old_text(4), b"U": _old_text(1), b"V": _raw_text},
    **{b"X": _text(4), b"\x8c": _text(1), b"\x8d": _text(8)},
    **{b"B": _bytes(4), b"C": _bytes(1), b"\x8e": _bytes(8), b"\x96": _bytes(8)},
    **{b"p": _index, b"g": _index, b"q": _uint(1), b"h": _uint(1), b"r": _uint(4), b"j": _uint(4)},
    **{b"c": _names, b"i": _names, b"P": Stream.line},
    **{b"\x82": _uint(1), b"\x83": _uint(2), b"\x84": _uint(4), b"\x95": _uint(8)},
}
# The protocol that each opcode came with; what isn't here isn't known.
PROTOCOLS: dict[bytes, int] = {
    **{bytes([code]): 0 for code in b"(.012FILNPRSVabcdgilpst"},
    **{bytes([code]): 1 for code in b"GJKMQTUX]ehjoqru})"},
    **{bytes([code]): 2 for code in b"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b"},
    **{bytes([code]): 3 for code in b"BC"},
    **{bytes([code]): 4 for code in b"\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95"},
    **{bytes([code]): 5 for code in b"\x96\x97\x98"},
}
