"""What every job on this worker shares."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from workers.contract import Draft, Source
from workers.executors.base import Executor
from workers.lib.hub import Hub
from workers.supervisor.shelf import Shelf

RUNNER = (sys.executable, "-m", "workers.runner")
SPREADER = (sys.executable, "-m", "workers.runner.spread")
WAITING = (sys.executable, "-m", "workers.runner.spare")


@dataclass(frozen=True)
class Pulled:
    """Where a source lies now, and what else must be readable for it to be."""

    path: Path
    readable: Path


class Porter(Protocol):
    """Brings repositories here and results there. `over()` turns true when nobody wants it any more: GivenUp then.
    Raises Trouble where the hub says no, HubGone where it doesn't answer."""

    def pull(self, source: Source, access_token: str, over: "Over") -> Pulled: ...

    def push(self, folder: Path, draft: Draft, message: str, over: "Over") -> str: ...


class Over(Protocol):
    def __call__(self) -> bool: ...


class GivenUp(Exception):
    """An errand was broken off."""


@dataclass(frozen=True)
class Site:
    """`folder` holds one folder a job. `gpus`: their numbers, for all slots together. `memory`: bytes that one job may
    take (0: no limit of ours). `runner`: the command that a job's folder is handed to; `spreader`: to this one where
    the job has several devices, and their number; `waiting`: one that may be started before the job is there (none: no
    job's is). `spare_seconds`: how long one is kept ready without a job. `shelf`: what the porter
    pulled, if it keeps that."""

    hub: Hub
    folder: Path
    executor: Executor
    porter: Porter
    device: str = "cpu"
    gpus: tuple[int, ...] = ()
    threads: int = 1
    slots: int = 1
    memory: int = 0
    runner: tuple[str, ...] = RUNNER
    spreader: tuple[str, ...] = SPREADER
    waiting: tuple[str, ...] = ()
    spare_seconds: float = 0.0
    readable: tuple[Path, ...] = ()
    shelf: Shelf | None = None
    versions: dict[str, str] = field(default_factory=dict)

    def gpus_of(self, slot: int, wanted: int) -> tuple[int, ...]:
        """So many GPUs of one slot, which has an equal share of all."""
        share = len(self.gpus) // self.slots
        return self.gpus[slot * share : (slot + 1) * share][: max(1, wanted)]

    def threads_of(self, processes: int) -> int:
        """For each of the processes of one job."""
        return max(1, self.threads // max(1, processes))
