"""Give files back from the chunks they lie in."""

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from hub.storage.backends import get_backend, xorb_key
from hub.storage.errors import BytesDamaged
from hub.storage.models import XetFile, Xorb
from hub.storage.xet.errors import BadXorb
from hub.storage.xet.hashing import chunk_hash, to_text
from hub.storage.xet.shard import Segment, Segments
from hub.storage.xet.xorb import ChunkIndex, split

# Chunks that are read and decoded at once: up to 2 MiB.
_BATCH = 16
_INDEXES_KEPT = 64


class Indexes:
    """Chunk indexes by raw xorb hash, the last few kept: one is up to 320 KiB, a file may need thousands."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, ChunkIndex] = OrderedDict()

    def __getitem__(self, xorb: bytes) -> ChunkIndex:
        if xorb not in self._kept:
            packed = Xorb.objects.filter(hash=to_text(xorb)).values_list("index", flat=True).first()
            if packed is None:
                raise _lost(xorb)
            self._kept[xorb] = ChunkIndex(bytes(packed))
            if len(self._kept) > _INDEXES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(xorb)
        return self._kept[xorb]


def rebuild(xet_file: XetFile, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The file's bytes from `start`, in blocks of at most 2 MiB; nothing before the range is read.

    Every chunk is checked against its hash: the clients don't. `BytesDamaged` in the middle if one fails.
    """
    segments = Segments(bytes(xet_file.segments))
    return read_segments(segments, Indexes(), start, xet_file.size - start if length is None else length)


def read_segments(segments: Segments, indexes: Indexes, start: int, length: int) -> Iterator[bytes]:
    """Bytes `start` to `start + length` of what the segments make."""
    ends = segments.raw_ends
    number = int(np.searchsorted(ends, start, side="right"))
    at = int(ends[number - 1]) if number else 0
    for segment in segments.from_number(number):
        if at >= start + length:
            return
        yield from _read_segment(segment, indexes[segment.xorb], max(0, start - at), start + length - at)
        at += segment.raw_length


def _read_segment(segment: Segment, index: ChunkIndex, start: int, end: int) -> Iterator[bytes]:
    """Its bytes from `start` to `end`, counted from the segment's own start; `end` may lie beyond it."""
    offsets = np.concatenate(([0], index.raw_ends))[segment.start : segment.end + 1]
    offsets = offsets - offsets[0]
    first = int(np.searchsorted(offsets, start, side="right")) - 1
    last = min(int(np.searchsorted(offsets, end, side="left")), segment.end - segment.start)
    for batch in range(first, last, _BATCH):
        until = min(batch + _BATCH, last)
        block = _read_chunks(segment.xorb, index, segment.start + batch, segment.start + until)
        at = int(offsets[batch])
        yield block[max(0, start - at) : end - at]


def _read_chunks(xorb: bytes, index: ChunkIndex, start: int, end: int) -> bytes:
    low, high = index.stored_range(start, end)
    try:
        records = b"".join(get_backend().read(xorb_key(to_text(xorb)), low, high - low))
        chunks = list(split(records, end - start))
    except (FileNotFoundError, BadXorb, BytesDamaged) as error:
        raise _lost(xorb) from error
    for data, (expected, _) in zip(chunks, index.chunks(start, end), strict=True):
        if chunk_hash(data) != expected:
            raise _lost(xorb)
    return b"".join(chunks)


def _lost(xorb: bytes) -> BytesDamaged:
    name = to_text(xorb)
    return BytesDamaged(f"The stored chunks of xorb {name} are damaged or gone. Push the file again.", xorb=name)
