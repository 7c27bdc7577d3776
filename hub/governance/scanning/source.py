"""Bytes that are asked for range by range: of a file in storage, of a member of an archive, or at hand."""

from collections.abc import Callable, Iterator

from hub.governance.scanning.findings import ERROR, NotUnderstood
from hub.governance.scanning.limits import MAX_PIECE, MAX_READ

Read = Callable[[int, int], bytes]


class Source:
    """`size` bytes. What is read counts against a limit, and is told as coverage."""

    def __init__(self, size: int, read: Read, most: int = MAX_READ) -> None:
        self.size = size
        self._read, self._left = read, most
        self._spans: list[tuple[int, int]] = []

    @property
    def covered(self) -> int:
        """How many different bytes were read."""
        done = end = 0
        for start, stop in sorted(self._spans):
            done += max(0, stop - max(start, end))
            end = max(end, stop)
        return done

    def read(self, start: int, length: int) -> bytes:
        """Exactly these bytes, fewer only at the end of the file."""
        length = max(0, min(length, self.size - start))
        self._left -= length
        if self._left < 0:
            raise NotUnderstood("it takes more reading than a scan may do")
        data = b"".join(self._pieces(start, length))
        if len(data) != length:
            raise NotUnderstood("its bytes could not be read", ERROR)
        self._note(start, start + length)
        return data

    def pieces(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        end = self.size if length is None else min(self.size, start + length)
        while start < end:
            data = self.read(start, min(MAX_PIECE, end - start))
            yield data
            start += len(data)

    def head(self, length: int) -> bytes:
        return self.read(0, length)

    def tail(self, length: int) -> bytes:
        start = max(0, self.size - length)
        return self.read(start, length)

    def part(self, start: int, length: int) -> "Source":
        """A window on it; what is read there is read here."""
        return Source(length, lambda at, count: self.read(start + at, count))

    def _pieces(self, start: int, length: int) -> Iterator[bytes]:
        while length > 0:
            data = self._read(start, min(length, MAX_PIECE))
            if not data:
                return
            yield data
            start, length = start + len(data), length - len(data)

    def _note(self, start: int, stop: int) -> None:
        """Spans that go on from the one before are one."""
        if self._spans and self._spans[-1][0] <= start <= self._spans[-1][1]:
            first, last = self._spans[-1]
            self._spans[-1] = (first, max(last, stop))
        else:
            self._spans.append((start, stop))


def of_bytes(data: bytes) -> Source:
    return Source(len(data), lambda start, length: data[start : start + length])
