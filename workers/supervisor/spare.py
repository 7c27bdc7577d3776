"""A process that is ready before its job is known: it has loaded its libraries while nobody waited for them.

It has a room of its own like any job's, without anything of a job in it, and runs one job. It is held by the worker,
then by the keeper of the attempt that takes it; it ends with either.
"""

import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workers.contract import JobSpec
from workers.executors.base import Launch, Running
from workers.lib.clock import monotonic
from workers.supervisor import environment
from workers.supervisor.prepare import Place
from workers.supervisor.site import Site

log = logging.getLogger(__name__)
# For as long as a worker may be held up by a hub that answers late.
HOLD_SECONDS = 180.0


@dataclass(frozen=True)
class Spare:
    """`slot`: whose GPUs it sees, without having touched one."""

    place: Place
    process: Running
    slot: int

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """Nothing of it is left: no process, no file."""
        self.process.kill()
        shutil.rmtree(self.place.root, ignore_errors=True)


def start(site: Site, slot: int, hold: float = HOLD_SECONDS) -> Spare:
    """Raises OSError."""
    place = Place.make(Path(tempfile.mkdtemp(prefix="spare-", dir=site.folder)))
    launch = Launch(
        command=[*site.waiting, str(place.work)],
        folder=place.work,
        environment=environment.variables(place.work, threads=site.threads, gpus=site.gpus_of(slot, 1)),
        hold=hold,
        readable=site.readable,
        limits=environment.LIMITS,
        waits=True,
    )
    return Spare(place, site.executor.start(launch), slot)


def fits(site: Site, job: JobSpec) -> bool:
    """Whether the job is one that a single process runs, by a command that can wait."""
    return bool(site.waiting) and job.gpus <= 1


class Spares:
    """At most one, while a slot is free. The worker's thread alone calls these."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._spare: Spare | None = None
        self._until = 0.0

    def wake(self) -> None:
        """A job may come soon: one is kept ready for `site.spare_seconds` from now."""
        self._until = monotonic() + self._site.spare_seconds

    def look(self, slot: int | None) -> None:
        """Hold the one that is there, start one for this slot, or end it: there is no slot, or its time is over. One
        that died is not replaced before the next job: the machine may have had a reason."""
        if self._spare and not self._spare.is_alive:
            log.warning("The spare process ended by itself.")
            self._until = 0.0
        if slot is None or not self._site.waiting or monotonic() >= self._until:
            self.close()
        elif self._spare is None:
            self._start(slot)
        else:
            self._spare.process.hold(HOLD_SECONDS)

    def take(self, job: JobSpec) -> Spare | None:
        """For this job alone, if it is of use to it; whoever takes it closes it."""
        if self._spare and not (self._spare.is_alive and fits(self._site, job)):
            self.close()
        taken, self._spare = self._spare, None
        return taken

    def close(self) -> None:
        if self._spare:
            self._spare.close()
        self._spare = None

    def _start(self, slot: int) -> None:
        try:
            self._spare = start(self._site, slot)
        except OSError as error:
            log.warning("No spare process: %s", error)
            self._until = 0.0
