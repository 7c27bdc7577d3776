"""When somebody is killed, and who: moments of a job as they are seen from outside, and the processes of its worker."""

import json
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.functional.kill_stack import Laborer, Row, Stack
from workers.lib import folder as folders

_LOOK_SECONDS = 0.004
# Whose death ends the attempt as lost (nobody is left to say so), as a fault of the job, or not at all.
LOSING, FAILING = ("worker", "tree"), ("trainer", "nest")


@dataclass(frozen=True)
class Moment:
    """`has_come(row, laborer, place, memory)`; then up to `spread` seconds go by. `victims` that are there then.

    From its `eve` on the worker itself stands still: what would be over sooner than one could look comes for certain.
    """

    name: str
    has_come: Callable[[Row, Laborer, Path, dict[str, object]], bool]
    spread: float
    victims: tuple[str, ...]
    eve: Callable[[Row, dict[str, object]], bool] = lambda _row, _memory: False


def _changed(memory: dict[str, object], name: str, now: object) -> bool:
    """Whether it is something else than at the first look."""
    return memory.setdefault(name, now) != now


def _running(row: Row) -> bool:
    return row.state == "running"


def _trains(place: Path) -> bool:
    # The last line may be half written.
    with suppress(OSError, ValueError):
        told = (place / "work" / folders.EVENTS).read_text().splitlines()
        return any(json.loads(line)["kind"] == "metric" for line in told)
    return False


def _saves(place: Path) -> tuple[str, ...]:
    found: list[str] = []
    for name in (folders.CHECKPOINTS, "loop"):
        with suppress(OSError):
            found += sorted(each.name for each in (place / "work" / name).iterdir())
    return tuple(found)


def _commits(row: Row, memory: dict[str, object]) -> bool:
    """The branch has moved on from where it began."""
    return bool(row.branch) and _changed(memory, "branch", row.branch)


_PROGRAM = (*LOSING, *FAILING)
MOMENTS = {
    moment.name: moment
    for moment in (
        Moment("claim", lambda row, *_: row.state == "claimed", 0.02, ("worker",)),
        Moment("download", lambda row, *_: row.state == "preparing", 1.2, (*LOSING, "errand")),
        Moment("start", lambda row, *_: _running(row), 2.0, _PROGRAM),
        Moment("training", lambda row, _l, place, _m: _running(row) and _trains(place), 3.0, _PROGRAM),
        Moment(
            "checkpoint write",
            lambda row, _l, place, memory: _running(row) and _changed(memory, "saves", _saves(place)),
            0.02,
            _PROGRAM,
        ),
        Moment(
            "checkpoint upload",
            lambda row, _l, place, _m: _running(row) and any((place / "own").glob("*.tar")),
            0.03,
            _PROGRAM,
        ),
        Moment("card", lambda row, *_: row.state == "finalizing", 2.0, LOSING),
        Moment(
            "push",
            lambda row, laborer, *_: row.state == "finalizing" and "errand" in laborer.below(),
            1.5,
            (*LOSING, "errand"),
        ),
        Moment("report", lambda row, _l, _p, memory: _commits(row, memory), 0.25, LOSING),
        Moment(
            "finish",
            lambda row, laborer, _p, memory: _commits(row, memory) and "errand" not in laborer.below(),
            0.1,
            LOSING,
            _commits,
        ),
    )
}


@dataclass
class Kill:
    """One that was done: at which moment, whom, and how the job stood just before."""

    job: str
    moment: str
    victim: str
    row: Row
    # Of the processes below the worker, seconds until none was left.
    gone_after: float = 0.0
    hit: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        where = f"{self.job} attempt {self.row.token}: {self.moment} ({self.row.state})"
        return f"{where}, {'+'.join(self.hit)}; checkpoint {self.row.checkpoint}, gone after {self.gone_after:.2f} s"


def wait(stack: Stack, job: str, moment: Moment, after: int, chance: random.Random, seconds: float = 600) -> Row | None:
    """The job's row at the moment, in an attempt later than `after`; None where the job is over before."""
    give_up_at, memory = time.monotonic() + seconds, dict[str, object]()
    delay, held = chance.uniform(0, moment.spread), None
    while not (row := stack.row(job)).is_over:
        assert time.monotonic() < give_up_at, f"{job}: {moment.name} did not come; it is {row}"
        if row.is_held and row.token > after:
            laborer = stack.laborers[row.worker]
            if memory.setdefault("token", row.token) != row.token:
                memory, held = {"token": row.token}, _let_go(held)
            if held is None and moment.eve(row, memory):
                held = laborer
                held.send(signal.SIGSTOP)
            if moment.has_come(row, laborer, laborer.place(job, row.token), memory):
                time.sleep(delay)
                if (seen := stack.row(job)).is_held:
                    return seen
                # It came to its end meanwhile.
                held = _let_go(held)
        time.sleep(_LOOK_SECONDS)
    _let_go(held)
    return None


def spare(stack: Stack, seen: Row) -> None:
    """Let it go on after the moment was waited for."""
    _let_go(stack.laborers[seen.worker])


def _let_go(held: Laborer | None) -> None:
    if held is not None:
        held.send(signal.SIGCONT)


def strike(stack: Stack, job: str, moment: Moment, victim: str, seen: Row) -> Kill | None:
    """SIGKILL; None where the job left that attempt at the last moment, or the victim isn't there."""
    row, laborer = stack.row(job), stack.laborers[seen.worker]
    if not row.is_held or row.token != seen.token:
        spare(stack, seen)
        return None
    with stack.changing:
        below = laborer.below()
        victims = _of(laborer, victim, below)
        for pid, _ in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if not victims:
            return None
        kill = Kill(job, moment.name, victim, row, hit=[name for _, name in victims])
        if victim in LOSING:
            assert laborer.process is not None
            laborer.process.wait(timeout=30)
            kill.gone_after = _gone_after([each for found in below.values() for each in found])
            laborer.start()
    return kill


def _of(laborer: Laborer, victim: str, below: dict[str, list[psutil.Process]]) -> list[tuple[int, str]]:
    """(pid, what it is) of each; the worker goes first, so that it can't tell of the others' end."""
    worker = [(laborer.pid, "worker")] if victim in LOSING else []
    kinds = list(below) if victim == "tree" else [{"trainer": "runner"}.get(victim, victim)]
    return worker + [(each.pid, kind) for kind in kinds for each in below.get(kind, ())]


def _gone_after(processes: list[psutil.Process]) -> float:
    """Seconds until none of these runs. They have as long as a nest takes to notice."""
    began = time.monotonic()
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert not alive, f"outlived their worker: {alive}"
    return time.monotonic() - began
