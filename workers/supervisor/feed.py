"""What a job's process says, passed on to the hub in batches: events as they come, log lines gathered, device use."""

import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workers.contract import JobEvent
from workers.lib.clock import stamp
from workers.lib.folder import EVENTS, LOG
from workers.lib.hub import Held, HubGone, LeaseLost, Refused

log = logging.getLogger(__name__)
SECONDS = 0.8
_MOST_IN_A_BATCH = 500
_MOST_LINES = 200
_LONGEST_LINE = 2_000
_MOST_LOG_BYTES = 20 << 20
_KINDS = frozenset({"progress", "metric", "log", "device", "message"})
_SECRET = re.compile(r"\b(hs[a-z]?|hf)_[A-Za-z0-9]{8,}")


class Tail:
    """New whole lines of a file that grows. No link is followed: the job's process might put one there."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._rest = path, 0, b""

    def lines(self, most: int = 1 << 20) -> list[str]:
        try:
            number = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return []
        with os.fdopen(number, "rb") as file:
            file.seek(self._at)
            data = file.read(most)
        self._at += len(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in whole]

    @property
    def at(self) -> int:
        return self._at


class Feed:
    """Numbers events from `first_seq` on and sends them in order; what the hub hasn't got waits. Each 0.8 s, in a
    thread of its own, which it ends as a context manager; `flush` before the hub is told that an attempt is over."""

    def __init__(
        self, held: Held, folder: Path, device: Callable[[], dict[str, Any] | None], first_seq: int = 1
    ) -> None:
        self._held, self._device = held, device
        self._events, self._log = Tail(folder / EVENTS), Tail(folder / LOG)
        self._seq, self._waiting = first_seq, list[JobEvent]()
        self.progress: dict[str, Any] = {}
        self._over, self._changing = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._send, name=f"feed of {held.job}", daemon=True)

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def flush(self) -> None:
        """End the thread and send all that is left. Raises HubGone, LeaseLost."""
        self.__exit__()
        self._gather()
        self._send_waiting()

    def say(self, text: str, level: str = "info") -> None:
        self._add("message", {"level": level, "text": text})

    def _send(self) -> None:
        while not self._over.wait(SECONDS):
            self._gather()
            try:
                self._send_waiting()
            except HubGone as error:
                log.info("%s: events wait: %s", self._held.job, error)
            except LeaseLost:
                return

    def _send_waiting(self) -> None:
        while self._waiting:
            batch = self._waiting[:_MOST_IN_A_BATCH]
            try:
                taken = self._held.events(batch)
            except Refused as error:
                log.warning("%s: events %s to %s refused: %s", self._held.job, batch[0].seq, batch[-1].seq, error)
                taken = 0
            with self._changing:
                self._waiting = [each for each in self._waiting if each.seq > max(taken, batch[-1].seq)]

    def _gather(self) -> None:
        for line in self._events.lines():
            if told := _event(line):
                self._add(*told)
        for lines in _bunches(_shown(self._log.lines()) if self._log.at < _MOST_LOG_BYTES else []):
            self._add("log", {"lines": lines})
        if used := self._device():
            self._add("device", used)

    def _add(self, kind: str, data: dict[str, Any], at: str = "") -> None:
        with self._changing:
            self._waiting.append(JobEvent(self._seq, at or stamp(), kind, data))
            self._seq += 1
        if kind == "progress":
            self.progress = data


def _event(line: str) -> tuple[str, dict[str, Any], str] | None:
    """(kind, data, at); None for a line that is no event, which a broken process may write."""
    try:
        told = json.loads(line)
        kind, data, at = told["kind"], told["data"], told.get("at", "")
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("a line of %s is no event: %.80s", EVENTS, line)
        return None
    return (kind, data, str(at)) if kind in _KINDS and isinstance(data, dict) else None


def _shown(lines: list[str]) -> list[str]:
    """As people read them: of a bar that draws itself anew the last state, no secrets, none too long."""
    shown = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in lines)
    return [_SECRET.sub(r"\1_…", line[:_LONGEST_LINE]) for line in shown if line]


def _bunches(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), _MOST_LINES):
        yield lines[start : start + _MOST_LINES]
