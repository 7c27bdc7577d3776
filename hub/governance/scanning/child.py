"""The process that reads files: it asks whoever started it for bytes, and may do nothing else.

Messages are lines of JSON. In: {"path", "size"} for each file. Out: {"read": [start, length]}, answered by the length
in eight bytes and the bytes (or the length 2**64 - 1: they can't be read); then {"report": …}.
"""

import json
import sys
from typing import Any, BinaryIO

from hub.governance.scanning.jail import shut_in
from hub.governance.scanning.limits import MAX_PIECE
from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import Source

FAILED = (1 << 64) - 1


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    shut_in(memory, seconds)
    asked, told = sys.stdin.buffer, sys.stdout.buffer
    while line := asked.readline(1 << 16):
        file = json.loads(line)
        _send(told, {"report": scan(file["path"], Source(file["size"], _reader(asked, told)))})


def _reader(asked: BinaryIO, told: BinaryIO) -> Any:
    def read(start: int, length: int) -> bytes:
        _send(told, {"read": [start, min(length, MAX_PIECE)]})
        count = int.from_bytes(asked.read(8), "little")
        return b"" if count == FAILED else asked.read(count)

    return read


def _send(told: BinaryIO, message: dict[str, Any]) -> None:
    told.write(json.dumps(message).encode() + b"\n")
    told.flush()
