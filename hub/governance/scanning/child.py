"""The process that reads files: it asks whoever started it for bytes, and may do nothing else.

Messages are lines of JSON. In: {"path", "size"} for each file. Out: {"read": [start, length]}, answered by the length
in eight bytes and the bytes (or the length 2**64 - 1: they can't be read); then {"report": …}.
"""

import ctypes
import json
import resource
import sys
from typing import Any, BinaryIO

from hub.governance.scanning.limits import MAX_PIECE
from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import Source

FAILED = (1 << 64) - 1
_NEW_USER, _NEW_NET, _NO_NEW_PRIVILEGES = 0x10000000, 0x40000000, 38


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    shut_in(memory, seconds)
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    while line := asked.readline(1 << 16):
        file = json.loads(line)
        _send(told, {"report": scan(file["path"], Source(file["size"], _reader(asked, told)))})


def shut_in(memory: int, seconds: int) -> None:
    """Give up what a reader of files has no use for. Where the kernel lets us, the network as well."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_NEW_USER | _NEW_NET)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _reader(asked: BinaryIO, told: BinaryIO) -> Any:
    def read(start: int, length: int) -> bytes:
        _send(told, {"read": [start, min(length, MAX_PIECE)]})
        count = int.from_bytes(asked.read(8), "little")
        return b"" if count == FAILED else asked.read(count)

    return read


def _send(told: BinaryIO, message: dict[str, Any]) -> None:
    told.write(json.dumps(message).encode() + b"\n")
    told.flush()
