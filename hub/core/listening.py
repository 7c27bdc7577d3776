"""Answers that stay open: how many at most, since each holds a thread of the server."""

import threading
from collections.abc import Iterator

from hub.core.errors import HubError

# Over all interfaces. Beyond so many, who asks is told to ask now and then instead.
_MOST = 48
_open = threading.BoundedSemaphore(_MOST)


class Busy(HubError):
    """Too many are listening. Ask for the events now and then."""

    code = "busy"
    status = 503


class Listening:
    """The lines, and a place among those who listen that is given back once, however it ends. Raises `Busy`."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._is_closed = not _open.acquire(blocking=False)
        if self._is_closed:
            raise Busy

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            _open.release()
