"""Keeps a lease while an attempt runs, and ends the attempt when it can't."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from workers.contract import Code, Lease
from workers.executors.base import Running
from workers.executors.nest import KILL_AT
from workers.lib.clock import monotonic
from workers.lib.hub import Held, HubGone, LeaseLost, Refused
from workers.lib.session import Trouble
from workers.supervisor.endings import SEE_LOG

log = logging.getLogger(__name__)
_LONGEST_PAUSE = 5.0
# A quarter of an hour at least.
TRIES = 180
T = TypeVar("T")


class Cancelled(Exception):
    """Somebody cancelled the job."""


class Drained(Exception):
    """The worker gives the job back."""


class Keeper:
    """Renews every sixth of the lease, in a thread of its own. As a context manager it ends that thread.

    A process that is attached lives as long as the lease: it is told of every renewal, and killed here as well when
    the lease is lost. Nothing may be written to the hub after `lost` is set.
    """

    def __init__(self, held: Held, lease: Lease, progress: Callable[[], dict[str, Any]]) -> None:
        self._held, self._progress = held, progress
        self._seconds, self._renewed_at = lease.seconds, monotonic()
        self._process: Running | None = None
        self.lost, self.cancel, self.drain = threading.Event(), threading.Event(), threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"keeper of {lease.job.id}", daemon=True)

    def __enter__(self) -> "Keeper":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def attach(self, process: Running) -> None:
        self._process = process
        process.hold(self._seconds_left())
        if self.lost.is_set():
            process.kill()

    @property
    def first_hold(self) -> float:
        """Seconds that a process started now may live without being told more."""
        return max(0.01, self._seconds_left())

    def is_unwanted(self) -> bool:
        return self.lost.is_set() or self.cancel.is_set() or self.drain.is_set()

    def check(self) -> None:
        """Raises what ends the attempt, if anything does."""
        if self.lost.is_set():
            raise LeaseLost
        if self.cancel.is_set():
            raise Cancelled
        if self.drain.is_set():
            raise Drained

    def insist(self, call: Callable[[], T]) -> T:
        """The answer of a call to the hub, tried again while the hub is gone and the lease holds. Raises LeaseLost,
        Refused, and Trouble where the hub keeps the lease and fails at this call time and again."""
        for number in range(TRIES):
            if self.lost.is_set():
                raise LeaseLost
            try:
                return call()
            except HubGone as error:
                log.warning("%s: %s", self._held.job, error)
                failed = error
            self.lost.wait(min(_LONGEST_PAUSE, 0.1 * 2 ** min(number, 10)))
        raise Trouble(Code.INTERNAL, f"The hub failed {TRIES} times at what the job needs: {failed}", SEE_LOG)

    def _seconds_left(self) -> float:
        return self._seconds - (monotonic() - self._renewed_at)

    def _keep(self) -> None:
        while not self._over.wait(self._pause()):
            try:
                self._renew()
            except LeaseLost:
                return self._lose("the hub gave the job to another attempt, or ended it")
            except Refused as error:
                return self._lose(f"the hub refused to renew: {error}")
            except HubGone as error:
                log.warning("%s: not renewed: %s", self._held.job, error)
            if self._seconds_left() < (1 - KILL_AT) * self._seconds:
                return self._lose("the hub could not be reached for too long")
        return None

    def _renew(self) -> None:
        sent_at = monotonic()
        renewal = self._held.renew(self._progress())
        self._seconds, self._renewed_at = renewal.seconds, sent_at
        if renewal.cancel:
            self.cancel.set()
        if renewal.drain:
            self.drain.set()
        if self._process is not None:
            self._process.hold(max(0.01, self._seconds_left()))

    def _pause(self) -> float:
        """A sixth of the lease; half of that when a renewal failed."""
        is_late = monotonic() - self._renewed_at > self._seconds / 5
        return self._seconds / (12 if is_late else 6)

    def _lose(self, why: str) -> None:
        log.warning("%s: lease %s lost: %s", self._held.job, self._held.token, why)
        self.lost.set()
        if self._process is not None:
            self._process.kill()
