"""Answers that stay open: how many at most, since each holds a thread of the server."""

import threading
from collections.abc import Iterator

from hub.core.errors import HubError

# Of a server process's threads, over all interfaces. Beyond so many, who asks is told to ask now and then instead.
_SHARE = 3 / 8
_open = threading.BoundedSemaphore(48)


def share(threads: int) -> None:
    """Before the first listener: the server process has so many threads."""
    global _open  # noqa: PLW0603 - one server process, one number.
    _open = threading.BoundedSemaphore(max(1, int(threads * _SHARE)))


class Busy(HubError):
    """Too many are listening. Ask for the events now and then."""

    code = "busy"
    status = 503


class Listening:
    """The lines, and a place among those who listen that is given back once, however it ends. Raises `Busy`."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._places = _open
        self._is_closed = not self._places.acquire(blocking=False)
        if self._is_closed:
            raise Busy

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._places.release()
