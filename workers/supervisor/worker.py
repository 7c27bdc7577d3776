"""A worker: it joins, looks for jobs when the bell rings and every so often, and runs as many as it has slots."""

import logging
import queue
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workers.contract import Join, Joined, Lease
from workers.lib.hub import HubGone, LeaseLost, Refused
from workers.supervisor.attempt import Attempt
from workers.supervisor.site import Site
from workers.supervisor.spare import Spares

log = logging.getLogger(__name__)
_JOIN_AGAIN_SECONDS = 2.0
_LONGEST_JOIN_PAUSE = 30.0


class NotWanted(Exception):
    """The hub doesn't take this worker: its token is unknown, withdrawn, or what it says of itself is refused."""


@dataclass
class _Taken:
    attempt: Attempt
    slot: int
    thread: threading.Thread = field(init=False)


class Worker:
    """`run` in a thread of its own; `ring` and `drain` from any."""

    def __init__(self, site: Site, who: Join) -> None:
        self.site, self._who = site, who
        # Told whenever there is room for another job, or no more.
        self.on_room: Callable[[bool], None] = lambda _: None
        self._bell: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._running: dict[str, _Taken] = {}
        # The handler of a signal drains the worker, in the middle of whatever its thread does.
        self._changing = threading.RLock()
        self.draining, self.over = threading.Event(), threading.Event()
        self._rests = False
        self._spares = Spares(site)
        self.joined: Joined | None = None

    def join(self) -> Joined:
        """Until the hub answers. Raises NotWanted."""
        pause = _JOIN_AGAIN_SECONDS
        while not self.draining.is_set():
            try:
                self.joined = self.site.hub.join(self._who)
                return self.joined
            except HubGone as error:
                log.warning("not joined yet: %s", error)
            except Refused as error:
                raise NotWanted(str(error)) from error
            self.draining.wait(pause)
            pause = min(pause * 2, _LONGEST_JOIN_PAUSE)
        raise NotWanted("The worker was stopped before the hub answered.")

    def ring(self, job: str = "") -> None:
        """There may be a job, perhaps this one."""
        self._bell.put(job)

    @property
    def free(self) -> int:
        if self.draining.is_set() or self._rests:
            return 0
        return self.site.slots - len(self._running)

    @property
    def running(self) -> list[dict[str, Any]]:
        with self._changing:
            taken = list(self._running.values())
        return [{"job": each.attempt.lease.job.id, "token": each.attempt.lease.token} for each in taken]

    def drain(self) -> None:
        """Take no new jobs, give back what runs; `run` ends when all is given back. Returns at once."""
        self.draining.set()
        self._give_back()
        self._bell.put("")

    def run(self) -> None:
        """Until it is drained. Raises NotWanted when the hub withdraws its token."""
        joined = self.joined or self.join()
        self._sweep()
        listener = threading.Thread(target=self._be_heard, args=(joined.renew_seconds,), name="heard", daemon=True)
        listener.start()
        hint = ""
        try:
            while not self.draining.is_set():
                self._take(hint)
                self._spares.look(self._free_slot() if self.free > 0 else None)
                hint = self._wait(joined.look_seconds)
        finally:
            self.over.set()
            self._spares.close()
            self._bury()
            listener.join()

    def _take(self, hint: str) -> None:
        """Claim until there is no room, or nothing to do."""
        while self.free > 0:
            try:
                lease = self.site.hub.claim(job=hint, free=self.free)
            except HubGone as error:
                log.warning("not asked for work: %s", error)
                return
            except Refused as error:
                raise NotWanted(str(error)) from error
            if lease is None:
                return
            self._begin(lease)
            hint = ""

    def _begin(self, lease: Lease) -> None:
        self._spares.wake()
        ready = self._spares.take(lease.job)
        # Its slot was free when it was made, and only here a slot is taken.
        slot = ready.slot if ready else self._free_slot()
        with self._changing:
            taken = _Taken(Attempt(self.site, lease, slot, ready), slot)
            key = f"{lease.job.id}-{lease.token}"
            taken.thread = threading.Thread(target=self._run, args=(key, taken), name=f"job {lease.job.id}")
            self._running[key] = taken
        taken.thread.start()
        if self.free <= 0:
            self.on_room(False)
        if self.draining.is_set() or self._rests:
            taken.attempt.drain()

    def _free_slot(self) -> int:
        with self._changing:
            used = {each.slot for each in self._running.values()}
        return next(number for number in range(self.site.slots) if number not in used)

    def _run(self, key: str, taken: _Taken) -> None:
        try:
            taken.attempt.run()
        except Exception:
            # Nothing that a job does may take the worker with it; the lease runs out, and the hub goes on from there.
            log.exception("job %s: the attempt broke", taken.attempt.lease.job.id)
        finally:
            with self._changing:
                del self._running[key]
            self._spares.wake()
            self.on_room(self.free > 0)
            self._bell.put("")

    def _wait(self, seconds: float) -> str:
        """Until the bell rings, or so long; the job that it named."""
        try:
            return self._bell.get(timeout=seconds)
        except queue.Empty:
            return ""

    def _be_heard(self, seconds: float) -> None:
        while not self.over.wait(seconds):
            try:
                rests = self.site.hub.heard(running=self.running, device={"free": self.free})
            except (HubGone, LeaseLost, Refused) as error:
                log.warning("not heard: %s", error)
                continue
            self._rest(rests)

    def _rest(self, rests: bool) -> None:
        """The hub drains a worker, and takes it back into service, without its process ending."""
        if rests and not self._rests:
            self._give_back()
        has_changed, self._rests = self._rests != rests, rests
        if has_changed:
            self._bell.put("")

    def _give_back(self) -> None:
        with self._changing:
            taken = list(self._running.values())
        for each in taken:
            each.attempt.drain()

    def _bury(self) -> None:
        """Wait for what still runs, having asked it to save and stop."""
        self._give_back()
        with self._changing:
            threads = [each.thread for each in self._running.values()]
        for thread in threads:
            thread.join()

    def _sweep(self) -> None:
        """Folders that a worker left which was killed: its jobs are with others by now, or come anew."""
        for each in self.site.folder.iterdir():
            if each.is_symlink():
                each.unlink()
            else:
                shutil.rmtree(each, ignore_errors=True)
