"""What runs a job's process, and what is known of it while it does."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Launch:
    """`command` in `folder`, which it may write; `readable` are further paths that it may read. `hold`: seconds that
    it lives for without a `Running.hold`."""

    command: list[str]
    folder: Path
    environment: dict[str, str]
    hold: float
    readable: tuple[Path, ...] = ()
    limits: dict[str, int] = field(default_factory=dict)


class Running(Protocol):
    """A job's process and all below it. Each call may come again, and after its end."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None:
        """Its exit code, 128 + n where signal n ended it; None while it runs."""

    def hold(self, seconds: float) -> None:
        """Let it live on; the count begins anew."""

    def stop(self) -> None:
        """Ask it to save and end."""

    def kill(self) -> None:
        """End all of it. Nothing of it runs when this returns."""


class Executor(Protocol):
    @property
    def way(self) -> str:
        """How the whole tree is ended, as `Join.kill` tells."""

    def start(self, launch: Launch) -> Running: ...
