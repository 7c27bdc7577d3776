"""A process tree for each job on this machine, inside a nest (see nest.py)."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from workers.executors.base import Launch
from workers.executors.nest import GROUP, NAMESPACE
from workers.lib.folder import LOG

_NEST = Path(__file__).with_name("nest.py")
_PROBE_SECONDS = 20.0


@dataclass
class Process:
    """A nest as its owner sees it; `Running`."""

    _process: "subprocess.Popen[bytes]"
    _line: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        if self._process.stdin is None:
            raise ValueError("a nest is held by its standard input")
        self._line = self._process.stdin

    @property
    def pid(self) -> int:
        return self._process.pid

    def poll(self) -> int | None:
        code = self._process.poll()
        return code if code is None or code >= 0 else 128 - code

    def hold(self, seconds: float) -> None:
        self._say(f"{seconds:.3f}")

    def begin(self, readable: Sequence[Path], told: dict[str, int]) -> None:
        self._say(json.dumps({"readable": [str(path) for path in readable], "told": told}))

    def _say(self, line: str) -> None:
        # Closed by `kill`, or its reader is gone: then it holds nothing any more, and never begins.
        with contextlib.suppress(OSError, ValueError):
            self._line.write(f"{line}\n".encode())
            self._line.flush()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self._line.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            # It stands still (a SIGSTOP): when it goes, the kernel ends what hangs on it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


@dataclass(frozen=True)
class Subprocesses:
    """`Executor` for this machine."""

    way: str = NAMESPACE

    def start(self, launch: Launch) -> Process:
        config = {
            "way": self.way,
            "command": launch.command,
            "folder": str(launch.folder),
            "environment": launch.environment,
            "hold": launch.hold,
            "waits": launch.waits,
            "limits": launch.limits,
            "readable": [str(path) for path in (*_own_paths(), *launch.readable)],
        }
        (launch.folder / "tmp").mkdir(exist_ok=True)
        with (launch.folder / LOG).open("ab") as log:
            return Process(_spawn(config, log))


def best_way(folder: Path) -> str:
    """The strongest that works on this machine: both are tried, with a job that does nothing."""
    for way in (NAMESPACE, GROUP):
        launch = Launch([sys.executable, "-c", "pass"], folder, {}, _PROBE_SECONDS)
        process = Subprocesses(way).start(launch)
        try:
            if process._process.wait(timeout=_PROBE_SECONDS) == 0:
                return way
        except subprocess.TimeoutExpired:
            continue
        finally:
            process.kill()
    raise RuntimeError(f"No process can be started here. See {folder / LOG}.")


def _spawn(config: dict[str, Any], log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_NEST), json.dumps(config)],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        env={},
        start_new_session=True,
    )


def _own_paths() -> list[Path]:
    """Where Python, its libraries and this code lie."""
    places = [sys.prefix, sys.base_prefix, *(place for place in sys.path if place.endswith(("-packages", ".egg-link")))]
    own = Path(__file__).resolve().parents[2]
    return [*(Path(place) for place in dict.fromkeys(places)), own / "workers"]
