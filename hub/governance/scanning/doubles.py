"""Files that are a pickle as well: a text, a picture or weights whose first bytes an unpickler takes for opcodes.

Asked of Python's own unpickler, so that nobody reads more into the bytes than it does. It gets a lure for every name
that it looks up, and ends at the first use of one: nothing is imported, made or called.
"""

import io
import pickle
from typing import Any

from hub.governance.scanning.findings import MALICIOUS, SUSPICIOUS, Findings
from hub.governance.scanning.limits import MAX_LURED, MAX_MEMBER_IN_MEMORY
from hub.governance.scanning.opened import opened
from hub.governance.scanning.source import Source


class _Used(BaseException):
    """A name was called, made, or had something put into it."""


def _used(*_: Any, **__: Any) -> Any:
    raise _Used


class _Lure:
    __new__ = __setstate__ = append = extend = add = update = staticmethod(_used)


class _Skipped(Exception):
    """The unpickler wants more bytes at once than are kept; the message is where it would go on."""


class _Bytes:
    """What an unpickler reads from. It starts with a value for the bytes that were skipped before."""

    def __init__(self, source: Source, at: int) -> None:
        self._file = opened(source)
        self._file.seek(at)
        self._before = io.BytesIO(b"N" if at else b"")
        self._size = source.size

    def read(self, count: int) -> bytes:
        if data := self._before.read(count):
            return data
        if MAX_MEMBER_IN_MEMORY < count <= self._size - self._file.tell():
            raise _Skipped(self._file.tell() + count)
        return self._file.read(min(count, MAX_MEMBER_IN_MEMORY))

    def readline(self) -> bytes:
        return self._file.readline(MAX_MEMBER_IN_MEMORY)


class _Unpickler(pickle.Unpickler):
    names = 0

    def find_class(self, _: str, __: str) -> Any:
        self.names += 1
        return _Lure


def check_double(source: Source, found: Findings) -> None:
    """Of a file that is clean as what it is taken for."""
    at = 0
    for _ in range(MAX_LURED):
        try:
            if _is_pickle(source, at):
                found.is_pickle = True
                found.add(MALICIOUS, f"it is a pickle that looks like a file of the format {found.form}")
            return
        except _Skipped as more:
            at = more.args[0]
    found.add(SUSPICIOUS, "it begins like a pickle of many long texts")


def _is_pickle(source: Source, at: int) -> bool:
    unpickler = _Unpickler(_Bytes(source, at), encoding="latin1")
    try:
        unpickler.load()
    except (_Skipped, MemoryError):
        raise
    except _Used:
        return True
    except Exception:  # noqa: BLE001 - whatever ends the unpickler before a name is used: it is no pickle.
        return False
    return unpickler.names > 0
