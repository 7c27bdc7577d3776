"""Bytes on their way out."""

from collections.abc import Callable, Iterator

from hub.storage.backends import Delivery, Stream, blob_key, get_backend
from hub.storage.errors import BadRange, BytesDamaged
from hub.storage.models import BAD_CONDITIONS, Blob
from hub.storage.selectors import find_blob
from hub.storage.services.xet import rebuild


def deliver(*, sha256: str, start: int = 0, length: int | None = None) -> Delivery:
    """How to send `length` bytes of the content from `start` (to the end without a length, and never past it).

    Raises `BlobNotFound`, `BadRange` when `start` lies behind the end, and `BytesDamaged` when what is stored is
    known to be damaged or is not there.
    """
    blob = find_blob(sha256)
    start, length = _clip(blob, start, length)
    if _lies_whole(blob):
        return get_backend().deliver(blob_key(sha256), start, length, blob.size)
    return Stream(chunks=_rebuild(blob, start, length), length=length, size=blob.size)


def read_range(*, sha256: str, start: int, length: int) -> bytes:
    """`length` bytes of the content from `start`, fewer at its end. For small reads; raises what `deliver` does."""
    return reader(sha256=sha256)(start, length)


def reader(*, sha256: str) -> Callable[[int, int], bytes]:
    """For many small reads of one content: a function of start and length, as `read_range`. The content is looked up
    when it is read first; damage that is found later is not noticed by a reader at work."""
    found: list[Blob] = []

    def read(start: int, length: int) -> bytes:
        if not found:
            found.append(find_blob(sha256))
        return _read(found[0], start, length)

    return read


def _read(blob: Blob, start: int, length: int) -> bytes:
    start, length = _clip(blob, start, length)
    if not _lies_whole(blob):
        return b"".join(_rebuild(blob, start, length))
    try:
        return b"".join(get_backend().read(blob_key(blob.sha256), start, length))
    except FileNotFoundError as error:
        raise BytesDamaged(f"The stored bytes of sha256 {blob.sha256} are gone. Push the file again.") from error


def _clip(blob: Blob, start: int, length: int | None) -> tuple[int, int]:
    left = blob.size - start
    if start < 0 or left < 0 or (length is not None and length < 0):
        raise BadRange(f"The range starts at {start:,}; the file has {blob.size:,} bytes.", size=blob.size)
    return start, left if length is None else min(length, left)


def _lies_whole(blob: Blob) -> bool:
    """Whether to serve the whole file; if that is bad, the Xet file serves, which is checked while it is rebuilt."""
    if blob.condition not in BAD_CONDITIONS:
        return blob.is_whole
    if not blob.is_whole or blob.xet_file is None:
        raise BytesDamaged(
            f"The stored bytes of sha256 {blob.sha256} are {blob.condition} and are not served. "
            "Push the file again, or restore it from a backup and run the scrub."
        )
    return False


def _rebuild(blob: Blob, start: int, length: int) -> Iterator[bytes]:
    if blob.xet_file is None:
        raise BytesDamaged(f"The stored bytes of sha256 {blob.sha256} lie nowhere. Push the file again.")
    return rebuild(blob.xet_file, start, length)
