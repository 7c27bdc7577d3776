"""What torch saved before it had zips: a row of pickles with raw tensors behind it."""

from hub.governance.scanning.findings import UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.opcodes import Stream
from hub.governance.scanning.pickles import walk
from hub.governance.scanning.source import Source
from hub.governance.scanning.storages import Storages

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


def is_legacy(source: Source) -> bool:
    """Whether it begins with the pickled magic number of torch, written as torch writes it."""
    number = b"\x8a\x0a" + _MAGIC.to_bytes(10, "little")
    head = source.head(2 + 9 + len(number))
    if head[:1] != b"\x80" or head[1:2] not in (b"\2", b"\3", b"\4", b"\5"):
        return False
    # From protocol 4 on, a frame of the number and the end.
    framed = b"\x95" + (len(number) + 1).to_bytes(8, "little") + number
    return head.startswith((number, framed), 2)


def scan_legacy(source: Source, found: Findings) -> None:
    """Magic number, protocol, system, the object, keys of the storages; then each storage: its length and its bytes."""
    found.form = "torch-legacy"
    stream, storages = Stream(source), Storages()
    magic, protocol, system = (walk(stream, found) for _ in range(3))
    if magic.value != _MAGIC or protocol.value != _PROTOCOL:
        raise NotUnderstood("an old checkpoint doesn't begin with its magic numbers")
    walk(stream, found, storages)
    keys = walk(stream, found)
    if magic.names or protocol.names or system.names or keys.names:
        found.add(UNSUPPORTED, "an old checkpoint names something beside its object")
    rest = sum(8 + size for size in storages.sizes.values())
    if source.size - stream.at != rest:
        raise NotUnderstood("an old checkpoint has other bytes behind its pickles than its tensors")
