"""One attempt at a job, from its claim to the hub's word that it is over."""

import logging
import shutil
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from workers.contract import MAX_PREDICTIONS, Code, Exit, JobResult, Kind, Lease, State
from workers.executors.base import Launch, Running
from workers.lib import archive, folder
from workers.lib.clock import monotonic
from workers.lib.folder import Outcome, Work
from workers.lib.hub import LeaseLost, Refused
from workers.lib.session import Trouble
from workers.supervisor import endings, environment, spare
from workers.supervisor.endings import Ending, ending
from workers.supervisor.feed import Feed
from workers.supervisor.gauge import Gauge
from workers.supervisor.keeper import Cancelled, Drained, Keeper
from workers.supervisor.prepare import Place, commits, prepare
from workers.supervisor.publish import publish
from workers.supervisor.saver import Saver
from workers.supervisor.site import GivenUp, Site
from workers.supervisor.spare import Spare

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.1
# A drained job has so long to save; its lease goes on meanwhile.
SAVE_SECONDS = 120.0


class Attempt:
    """A claimed job in one slot of the worker. `run` never raises for what becomes of the job: the hub is told. A
    spare that it is given is used up; without one, its process loads its libraries while the sources are pulled."""

    def __init__(self, site: Site, lease: Lease, slot: int = 0, ready: Spare | None = None) -> None:
        self.site, self.lease, self.slot = site, lease, slot
        self._spare = ready
        self.held = site.hub.lease(lease)
        self.gauge = Gauge(site.gpus_of(slot, lease.job.gpus))
        # A call that hangs must leave time for another.
        self.keeper = Keeper(self.held.within(lease.seconds / 4), lease, self._progress)
        self._feed: Feed | None = None
        self._root = site.folder / f"{lease.job.id}-{lease.token}"

    def drain(self) -> None:
        """Save, stop, give the job back."""
        self.keeper.drain.set()

    def run(self) -> None:
        log.info("%s: attempt %s begins", self.lease.job.id, self.lease.token)
        try:
            with self._reading(), self.keeper:
                self._run_and_tell()
        except LeaseLost:
            log.warning("%s: attempt %s is over for the hub", self.lease.job.id, self.lease.token)
        except (Refused, Trouble) as error:
            log.error("%s: attempt %s: the hub refused: %s", self.lease.job.id, self.lease.token, error)
        finally:
            self._leave()

    def _reading(self) -> AbstractContextManager[None]:
        shelf = self.site.shelf
        return shelf.reading(commits(self.lease.job)) if shelf else nullcontext()

    def _leave(self) -> None:
        if self._spare is not None:
            self._spare.close()
        if self._root.is_symlink():
            self._root.unlink()
        shutil.rmtree(self._root, ignore_errors=True)

    def _run_and_tell(self) -> None:
        """Raises LeaseLost, Refused."""
        insist, held = self.keeper.insist, self.held
        try:
            self._run()
        except Cancelled:
            self._tell_the_rest()
            insist(held.cancelled)
        except Drained:
            self._tell_the_rest()
            insist(lambda: held.release("drain"))
        except Ending as over:
            failed = over
            self._tell_the_rest()
            insist(lambda: held.fail(failed.failure, retry=failed.is_worth_another_try))
        log.info("%s: attempt %s ends", self.lease.job.id, self.lease.token)

    def _run(self) -> None:
        """Raises Cancelled, Drained, Ending, LeaseLost."""
        try:
            place = self._settle()
            with self._feeding(place):
                self._go_through(place)
        except GivenUp:
            self.keeper.check()
            raise ending(Code.INTERNAL, "The worker broke off a transfer.", endings.SEE_LOG) from None
        except Trouble as trouble:
            raise ending(trouble.code, str(trouble), trouble.advice, trouble.param) from trouble
        except Refused as refused:
            # The lease holds: what the hub doesn't take now, it doesn't take from another attempt either.
            raise ending(Code.HUB_REFUSED, f"The hub refused the job: {refused}", endings.SEE_LOG) from refused
        except OSError as error:
            log.exception("%s", self.lease.job.id)
            raise _of_disk(error, self.site.folder) from error
        except (LeaseLost, Cancelled, Drained, Ending):
            raise
        except Exception as error:
            # Untold it would pass for a worker that vanished, three times over.
            log.exception("%s", self.lease.job.id)
            said = f"The worker failed: {type(error).__name__}: {error}"
            raise ending(Code.INTERNAL, said[:300], endings.SEE_LOG) from error

    def _settle(self) -> Place:
        """The attempt's folder: the one of its process, if that can be there already."""
        if self._spare is None and spare.fits(self.site, self.lease.job):
            self._spare = spare.start(self.site, self.slot, self.keeper.first_hold)
        if self._spare is None:
            return Place.make(self._root)
        self._root.symlink_to(self._spare.place.root)
        self.keeper.attach(self._spare.process)
        return self._spare.place

    def _feeding(self, place: Place) -> Feed:
        self._feed = Feed(self.held, place.work, self.gauge.take)
        return self._feed

    def _go_through(self, place: Place) -> None:
        self._step(State.PREPARING)
        work, readable = prepare(self.site, self.lease, self.held, self.keeper, place)
        folder.write_json(place.work / folder.JOB, work)
        self._step(State.RUNNING)
        outcome = self._execute(place, readable)
        self.keeper.check()
        self._step(State.FINALIZING)
        self._bring(place, work, outcome)

    def _step(self, state: State) -> None:
        self.keeper.check()
        self.keeper.insist(lambda: self.held.state(state))

    def _execute(self, place: Place, readable: tuple[Path, ...]) -> Outcome:
        before = endings.kernel_kills()
        with Saver(self.held, place.work, place.own) as saver:
            process = self._begin(place, readable)
            try:
                code = self._watch(process)
            finally:
                process.kill()
        if self.keeper.lost.is_set():
            raise LeaseLost
        if code == Exit.DONE:
            return _outcome(place.work)
        self.keeper.insist(saver.save_newest)
        self.keeper.check()
        raise endings.of_exit(code, place.work, kernel_killed_before=before)

    def _begin(self, place: Place, readable: tuple[Path, ...]) -> Running:
        """The process that waited, or a new one where none did or it died of something."""
        if self._spare is not None and self._spare.is_alive:
            self._spare.process.begin(readable, environment.limits(place.work))
            return self._spare.process
        process = self.site.executor.start(self._launch(place, readable))
        self.keeper.attach(process)
        return process

    def _launch(self, place: Place, readable: tuple[Path, ...]) -> Launch:
        job = self.lease.job
        gpus, threads = self.site.gpus_of(self.slot, job.gpus), self.site.threads_of(job.gpus)
        return Launch(
            command=environment.command(self.site, place.work, job.gpus),
            folder=place.work,
            environment=environment.variables(place.work, threads=threads, gpus=gpus),
            hold=self.keeper.first_hold,
            readable=(*self.site.readable, *readable),
            limits=environment.limits(place.work),
        )

    def _watch(self, process: Running) -> int:
        """The exit code. Raises Ending where a limit was passed."""
        began_at, saves_until = monotonic(), 0.0
        while (code := process.poll()) is None:
            self.gauge.look(process.pid)
            if self.keeper.lost.is_set() or self.keeper.cancel.is_set():
                process.kill()
            elif self.keeper.drain.is_set():
                saves_until = self._ask_to_save(process, saves_until)
            self._hold_to_limits(monotonic() - began_at)
            _rest()
        return code

    def _ask_to_save(self, process: Running, until: float) -> float:
        """Ask once; end it when the time for that is over. Returns until when it may save."""
        if not until:
            process.stop()
            return monotonic() + SAVE_SECONDS
        if monotonic() > until:
            process.kill()
        return until

    def _hold_to_limits(self, seconds: float) -> None:
        if seconds > self.lease.job.max_seconds:
            longest = self.lease.job.max_seconds
            raise ending(
                Code.TIMEOUT,
                f"It ran for longer in one attempt than its limit of {longest} seconds.",
                "Order it with more time, or try it again: it goes on from its last checkpoint.",
                "max_seconds",
            )
        if self.site.memory and self.gauge.memory > self.site.memory:
            raise ending(Code.OUT_OF_MEMORY, "It took more memory than this worker gives a job.", endings.MORE_MEMORY)

    def _bring(self, place: Place, work: Work, outcome: Outcome) -> None:
        result = replace(outcome.result, usage={**self.gauge.usage(), **outcome.result.usage})
        result = self._with_predictions(place, result)
        if self.lease.job.kind == Kind.FINETUNE:
            outcome = replace(outcome, result=result)
            result = publish(self.site, self.lease, self.held, self.keeper, place, outcome, base=work.base)
        self.keeper.check()
        self._tell_the_rest()
        self.keeper.insist(lambda: self.held.finish(result))

    def _with_predictions(self, place: Place, result: JobResult) -> JobResult:
        file = place.work / folder.PREDICTIONS
        if file.is_symlink() or not file.is_file():
            return replace(result, predictions_sha256="")
        if file.stat().st_size > MAX_PREDICTIONS:
            note = f"The predictions are larger than {MAX_PREDICTIONS >> 20} MiB, so they were not kept."
            return replace(result, predictions_sha256="", notes=(*result.notes, note))
        sha256 = archive.sha256_of(file)
        self.keeper.insist(lambda: self.held.put_predictions(file, sha256))
        return replace(result, predictions_sha256=sha256)

    def _tell_the_rest(self) -> None:
        """All that the process said stands at the hub before the attempt ends there."""
        if self._feed is not None:
            self.keeper.insist(self._feed.flush)

    def _progress(self) -> dict[str, Any]:
        return self._feed.progress if self._feed else {}


def _outcome(place: Path) -> Outcome:
    try:
        return Outcome.from_json(folder.read_json(place / folder.RESULT))
    except (ValueError, TypeError, KeyError) as error:
        raise ending(Code.INTERNAL, f"The job's result can't be read: {error}.", endings.SEE_LOG) from error


def _of_disk(error: OSError, place: Path) -> Ending:
    if shutil.disk_usage(place).free < 16 << 20:
        return ending(Code.DISK_FULL, "The worker's disk is full.", "It is tried again.")
    return ending(Code.INTERNAL, f"The worker's machine failed: {error.strerror or error}.", endings.SEE_LOG)


def _rest() -> None:
    threading.Event().wait(LOOK_SECONDS)
