"""The web server's threads don't wait for ever: who neither sends nor takes anything for a while is let go."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker


class PatientSocket(socket.socket):
    """Where gunicorn asks for a socket that blocks, it gets one that blocks for so many seconds, then breaks off."""

    patience: float
    has_stalled = False

    def setblocking(self, flag: bool, /) -> None:
        if self.fileno() >= 0:
            self.settimeout(self.patience if flag else 0.0)

    def end(self) -> None:
        """Close it, after a moment in which the other side can take the last of what was sent."""
        if self.has_stalled:
            self.close()
        else:
            util.close_graceful(self)

    def recv(self, *arguments: Any) -> bytes:
        with self._broken_off():
            return super().recv(*arguments)

    def sendall(self, *arguments: Any) -> None:
        with self._broken_off():
            super().sendall(*arguments)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        with self._broken_off():
            return super().sendfile(file, offset, count)

    @contextmanager
    def _broken_off(self) -> Iterator[None]:
        """A stall looks like a connection that broke off: gunicorn closes it without an error in the log."""
        try:
            yield
        except TimeoutError as error:
            self.has_stalled = True
            raise ConnectionResetError(errno.ECONNRESET, "The other side stalled.") from error


class PatientWorker(ThreadWorker):
    """gunicorn's threaded worker on patient sockets: without them, half a header line holds a thread for good."""

    def handle(self, conn: Any) -> Any:
        if not isinstance(conn.sock, PatientSocket):
            from django.conf import settings

            conn.sock = PatientSocket(fileno=conn.sock.detach())
            conn.sock.patience = settings.STALLED_AFTER
        wanted = super().handle(conn)
        if wanted is False:
            # gunicorn would wait for the other side's end in the loop that serves everybody.
            conn.sock.end()
        return wanted
