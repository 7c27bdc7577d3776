"""What runs a job's process, and what is known of it while it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Launch:
    """`command` in `folder`, which it may write; `readable` are further paths that it may read. `hold`: seconds that
    it lives for without a `Running.hold`. `waits`: before it begins it reads a line, which `Running.begin` says."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    hold: float
    readable: tuple[Path, ...] = ()
    limits: dict[str, int] = field(default_factory=dict)
    waits: bool = False


class Running(Protocol):
    """A job's process and all below it. Each call may come again, and after its end."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """Its exit code, 128 + n where signal n ended it; None while it runs."""

    def hold(self, seconds: float) -> None:
        """Let it live on; the count begins anew."""

    def begin(self, readable: Sequence[Path], told: dict[str, int]) -> None:
        """Once, and only for what waits: show it these paths as well, to read, then tell it to begin."""

    def stop(self) -> None:
        """Ask it to save and end."""

    def kill(self) -> None:
        """End all of it. Nothing of it runs when this returns."""


class Executor(Protocol):
    @property
    def way(self) -> str:
        """How the whole tree is ended, as `Join.kill` tells."""

    def start(self, launch: Launch) -> Running: ...
