"""A source as a file that other libraries can read and seek in."""

import errno
import io

from hub.governance.scanning.limits import MAX_PIECE
from hub.governance.scanning.source import Source


class Opened(io.RawIOBase):
    """A source as a file that others can read and seek in."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source, self._at = source, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "there is nothing before the first byte")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._source.read(self._at, min(len(buffer), MAX_PIECE))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def opened(source: Source) -> io.BufferedReader:
    return io.BufferedReader(Opened(source), 1 << 16)
