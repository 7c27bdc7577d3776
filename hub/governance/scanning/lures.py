"""Whether Python's own unpickler would take some bytes for a pickle, so that nobody reads less into them than it does.

It gets a lure for every name that it looks up, and ends at the first use of one: nothing is imported, made or called.
"""

import pickle
import struct
from collections.abc import Callable
from typing import Any, ClassVar

from hub.governance.scanning.limits import MAX_MEMBER_IN_MEMORY
from hub.governance.scanning.opened import opened
from hub.governance.scanning.source import Source


def is_pickle(source: Source) -> bool:
    """Whether a name is used before the unpickler ends, for whatever reason it does."""
    unpickler = _Unpickler(_Bytes(source), encoding="latin1")
    try:
        unpickler.load()
        return bool(unpickler.names)
    except _Used:
        return True
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - random bytes end it in any way; an enemy's end it after he has used a name.
        return False


class _Used(BaseException):
    """A name was called, made, or had something put into it."""


def _used(*_: Any, **__: Any) -> Any:
    raise _Used


class _Lure:
    __new__ = __setstate__ = append = extend = add = update = staticmethod(_used)


class _Bytes:
    """What an unpickler reads from. Very long texts are skipped: what they say names nothing."""

    def __init__(self, source: Source) -> None:
        self._file, self._size = opened(source), source.size

    def read(self, count: int) -> bytes:
        if count <= MAX_MEMBER_IN_MEMORY:
            return self._file.read(count)
        self._file.seek(min(self._file.tell() + count, self._size))
        return b""

    def readline(self) -> bytes:
        return self._file.readline(MAX_MEMBER_IN_MEMORY)


def _integer(unpickler: Any) -> None:
    """C's unpickler reads octal numbers, Python's doesn't."""
    line = unpickler.readline()
    try:
        unpickler.append(int(line, 0))
    except ValueError:
        unpickler.append(int(line))


def _frame(unpickler: Any) -> None:
    """C's unpickler doesn't mind what a frame holds."""
    struct.unpack("<Q", unpickler.read(8))


class _Unpickler(pickle._Unpickler):
    """The one that is written in Python, where memory follows the file and not the numbers in it."""

    dispatch: ClassVar[dict[int, Callable[[Any], None]]] = {
        **pickle._Unpickler.dispatch,
        pickle.INT[0]: _integer,
        pickle.FRAME[0]: _frame,
    }
    names = 0

    def find_class(self, _: str, __: str) -> Any:
        self.names += 1
        return _Lure
