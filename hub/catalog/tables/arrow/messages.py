"""The messages of an Arrow stream, or of a file, which is one with a frame."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from hub.catalog.errors import BadTable
from hub.catalog.tables import Read
from hub.catalog.tables.arrow.flat import Flat

MAX_HEADER = 4_000_000
MAX_MESSAGES = 20_000
_MAGIC = b"ARROW1\0\0"
SCHEMA, BATCH = 1, 3


@dataclass(frozen=True)
class Message:
    kind: int
    header: Flat
    body: int
    length: int


def messages(size: int, read: Read) -> Iterator[Message]:
    """In their order, up to the end of the stream. Raises `BadTable`."""
    at = len(_MAGIC) if read(0, len(_MAGIC)) == _MAGIC else 0
    for _ in range(MAX_MESSAGES):
        start = read(at, 8)
        if len(start) < 8 or start[:4] != b"\xff\xff\xff\xff" or start[4:] == bytes(4):
            return
        (length,) = struct.unpack("<I", start[4:])
        if length > MAX_HEADER or at + 8 + length > size:
            raise BadTable("The file's header is damaged, or larger than what is read.")
        message = _message(read(at + 8, length), at + 8 + length)
        yield message
        at = message.body + message.length
    raise BadTable(f"The file has more than {MAX_MESSAGES:,} batches of rows.")


def _message(data: bytes, body: int) -> Message:
    root = Flat(data, struct.unpack_from("<I", data)[0] if len(data) >= 4 else -1)
    header, length = root.table(2), root.number(3, "q")
    if header is None or length < 0:
        raise BadTable("The file's header is damaged.")
    return Message(root.number(1, "B"), header, body, length)
