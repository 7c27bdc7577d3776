"""What a job's process says, passed on to the hub in batches: events as they come, log lines gathered, device use."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from workers.contract import JobEvent
from workers.lib.clock import stamp
from workers.lib.folder import EVENTS, LOG
from workers.lib.hub import Held, HubGone, LeaseLost, Refused
from workers.supervisor.tail import Tail, event, shown

log = logging.getLogger(__name__)
SECONDS = 0.8
_MOST_IN_A_BATCH = 500
_MOST_LINES = 200
_MOST_LOG_BYTES = 20 << 20
_MOST_EVENT_BYTES = 256 << 20


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
        while self._gather():
            self._send_waiting()
        self._send_waiting()

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

    def _gather(self) -> bool:
        """Whether there was anything new. What goes far beyond any honest job stays where it is."""
        before = self._events.at, self._log.at
        for line in self._events.lines() if self._events.at < _MOST_EVENT_BYTES else []:
            if told := event(line):
                self._add(*told)
        for lines in _bunches(shown(self._log.lines()) if self._log.at < _MOST_LOG_BYTES else []):
            self._add("log", {"lines": lines})
        if used := self._device():
            self._add("device", used)
        return before != (self._events.at, self._log.at)

    def _add(self, kind: str, data: dict[str, Any], at: str = "") -> None:
        with self._changing:
            self._waiting.append(JobEvent(self._seq, at or stamp(), kind, data))
            self._seq += 1
        if kind == "progress":
            self.progress = data


def _bunches(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), _MOST_LINES):
        yield lines[start : start + _MOST_LINES]
