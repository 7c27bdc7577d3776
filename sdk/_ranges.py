"""A large file on its way: several readers fill it, a thread behind them hashes what is whole from the start.

Each reader has a span; one that has nothing to do takes the second half of the longest span left. Helpers are called
only when the first reader is slow, so on a fast network there is one stream and one hash, side by side. Measured on
loopback that is bound by sha256, not by HTTP.
"""

import contextlib
import errno
import http.client
import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from io import RawIOBase
from pathlib import Path

from sdk import _hashes
from sdk._checks import TRIES, broken, check_digest, check_total, pause
from sdk._errors import HubUnavailableError
from sdk._http import Session
from sdk._models import FileInfo

BUFFER = 1024 * 1024
# More ranges help when one stream is bound by its window or by loss: when it is slow, and much is left.
SLOW_AFTER = 1.0
SLOW_BELOW = 400e6  # Bytes a second.
WORTH_A_RANGE = 16 * 1024 * 1024
EXTRA_RANGES = threading.BoundedSemaphore(8)  # For the whole process: with one stream for each file beside them.
RANGES_A_FILE = 4
NOTE_EVERY = 64 * 1024 * 1024

OnBytes = Callable[[int], None]
NewSession = Callable[[], AbstractContextManager[Session]]


@dataclass
class Span:
    """A part of the file that one reader fills; another may take its end away."""

    position: int
    end: int
    is_taken: bool = True

    @property
    def left(self) -> int:
        return self.end - self.position


@dataclass
class _State:
    """What the readers and the hasher of one file share; every field is guarded by `changed`."""

    size: int
    spans: list[Span]
    changed: threading.Condition = field(default_factory=threading.Condition)
    failure: BaseException | None = None

    @property
    def whole_until(self) -> int:
        """How much is there from the start without a gap."""
        for span in self.spans:
            if span.left > 0:
                return span.position
        return self.size


class LargeFile:
    """One large file on its way."""

    def __init__(
        self, file: FileInfo, url: str, partial: Path, *, sessions: NewSession, asked: str, on_bytes: OnBytes
    ) -> None:
        self.file, self.url, self.partial = file, url, partial
        self.sessions, self.asked, self.on_bytes = sessions, asked, on_bytes
        self.helpers: list[threading.Thread] = []
        self.noted = 0

    def run(self, session: Session, *, verify: bool) -> None:
        self.partial.touch()
        start = self._resume_from()
        self.state = _State(self.file.size, [Span(start, self.file.size, is_taken=False)])
        hasher = _Hasher(self.file, self.partial, self.state) if verify or start else None
        try:
            self.on_bytes(start)
            self._read_all(session)
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            for helper in self.helpers:
                helper.join()
            if hasher:
                hasher.join()
            os.truncate(self.partial, self.state.whole_until)
            note_of(self.partial).unlink(missing_ok=True)
        if hasher:
            check_digest(self.file, hasher.hexdigest())

    def _resume_from(self) -> int:
        """How much of an earlier attempt can be built on: its size, or less where there were several ranges."""
        size = self.partial.stat().st_size
        with contextlib.suppress(FileNotFoundError, ValueError):
            size = min(size, int(note_of(self.partial).read_text(encoding="ascii")))
        if size > self.file.size:
            size = 0
        os.truncate(self.partial, size)
        return size

    def _fail(self, error: BaseException) -> None:
        with self.state.changed:
            self.state.failure = self.state.failure or error
            self.state.changed.notify_all()

    def _read_all(self, session: Session) -> None:
        """The first reader: takes spans till all is there, and calls for helpers when it goes slowly."""
        tries = 0
        while (span := self._next_span(wait=True)) is not None:
            before = span.position
            try:
                self._read_span(session, span, is_first=True)
            except (HubUnavailableError, OSError, http.client.HTTPException) as error:
                if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
                tries = 1 if span.position > before else tries + 1
                if tries >= TRIES:
                    raise broken(self.asked, error) from error
                pause(tries)
            finally:
                with self.state.changed:
                    span.is_taken = False

    def _help(self) -> None:
        """A further reader: ends at its first trouble, the first reader takes up what it leaves."""
        try:
            with self.sessions() as session:
                while (span := self._next_span(wait=False)) is not None:
                    try:
                        self._read_span(session, span, is_first=False)
                    finally:
                        with self.state.changed:
                            span.is_taken = False
                            self.state.changed.notify_all()
        except (HubUnavailableError, OSError, http.client.HTTPException):
            return
        except BaseException as error:  # noqa: BLE001  (handed to the first reader, which raises it)
            self._fail(error)
        finally:
            EXTRA_RANGES.release()

    def _next_span(self, *, wait: bool) -> Span | None:
        """A span nobody reads, or the second half of the longest that somebody reads; None when there is nothing."""
        state = self.state
        with state.changed:
            while True:
                if state.failure is not None:
                    if wait:
                        raise state.failure
                    return None
                if free := next((span for span in state.spans if span.left > 0 and not span.is_taken), None):
                    free.is_taken = True
                    return free
                longest = max(state.spans, key=lambda span: span.left)
                if longest.left > 2 * WORTH_A_RANGE:
                    return self._split(longest)
                if not wait or longest.left <= 0:
                    return None
                state.changed.wait(1.0)

    def _split(self, span: Span) -> Span:
        middle = span.position + span.left // 2
        second = Span(middle, span.end)
        span.end = middle
        self.state.spans.insert(self.state.spans.index(span) + 1, second)
        return second

    def _read_span(self, session: Session, span: Span, *, is_first: bool) -> None:
        """Read from the span's position to its end, which may come nearer meanwhile."""
        first, last = span.position, span.end
        is_part = first > 0 or last < self.file.size
        headers = {"Range": f"bytes={first}-{last - 1}"} if is_part else {}
        buffer = memoryview(bytearray(min(BUFFER, last - first)))
        began = time.monotonic()
        with (
            session.get(self.url, asked=self.asked, headers=headers) as response,
            self.partial.open("r+b", buffering=0) as sink,
        ):
            check_total(self.file, response, first if is_part else 0)
            if is_part and response.status != 206:
                self._skip(response, first, buffer)
            sink.seek(first)
            while span.left > 0 and self.state.failure is None:
                count = response.readinto(buffer)
                if not count:
                    raise http.client.IncompleteRead(b"", span.left)
                _write(sink, buffer[:count])
                self._advance(span, count)
                if is_first and not self.helpers and "bytes" in (response.getheader("Accept-Ranges") or ""):
                    self._call_helpers(time.monotonic() - began, span.position - first)

    def _skip(self, response: http.client.HTTPResponse, count: int, buffer: memoryview) -> None:
        """The server ignored the range and sends from the start: let the part that is there go by."""
        while count > 0:
            got = response.readinto(buffer[: min(len(buffer), count)])
            if not got:
                raise http.client.IncompleteRead(b"", count)
            count -= got

    def _advance(self, span: Span, count: int) -> None:
        with self.state.changed:
            count = min(count, span.left)
            span.position += count
            if self.helpers and self.state.whole_until - self.noted >= NOTE_EVERY:
                self._write_note()
            self.state.changed.notify_all()
        self.on_bytes(count)

    def _write_note(self) -> None:
        self.noted = self.state.whole_until
        note_of(self.partial).write_text(str(self.noted), encoding="ascii")

    def _call_helpers(self, seconds: float, count: int) -> None:
        left = max(span.left for span in self.state.spans)
        if seconds < SLOW_AFTER or count / seconds > SLOW_BELOW or left <= 2 * WORTH_A_RANGE:
            return
        # From here on the file has holes: what is whole from its start must stand somewhere.
        with self.state.changed:
            self._write_note()
        while len(self.helpers) < RANGES_A_FILE - 1 and EXTRA_RANGES.acquire(blocking=False):
            helper = threading.Thread(target=self._help, daemon=True, name="headstart-range")
            self.helpers.append(helper)
            helper.start()


class _Hasher:
    """A thread that hashes the file behind its readers."""

    def __init__(self, file: FileInfo, partial: Path, state: _State) -> None:
        self._hasher = _hashes.sha256_hasher() if file.sha256 else _hashes.git_hasher(file.size)
        self._partial, self._state = partial, state
        self._thread = threading.Thread(target=self._run, daemon=True, name="headstart-hash")
        self._thread.start()

    def join(self) -> None:
        self._thread.join()

    def hexdigest(self) -> str:
        return self._hasher.hexdigest()

    def _run(self) -> None:
        position = 0
        buffer = memoryview(bytearray(BUFFER))
        with self._partial.open("rb", buffering=0) as file:
            while position < self._state.size and (until := self._wait_beyond(position)) is not None:
                while position < until:
                    count = file.readinto(buffer[: min(BUFFER, until - position)])
                    if not count:
                        return  # Cut off by another program: the digest will tell.
                    self._hasher.update(buffer[:count])
                    position += count

    def _wait_beyond(self, position: int) -> int | None:
        """How far the file is whole, once that is beyond `position`; None when the readers gave up."""
        with self._state.changed:
            while (until := self._state.whole_until) <= position:
                if self._state.failure is not None:
                    return None
                self._state.changed.wait()
            return until


def note_of(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.whole")


def _write(sink: RawIOBase, data: memoryview) -> None:
    while data:
        data = data[sink.write(data) or 0 :]
