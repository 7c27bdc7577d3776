"""Run several programs as one: start them, restart what dies, stop all of them, and leave nothing behind.

Each program is the leader of a session of its own, so that Ctrl+C in the terminal reaches the supervisor alone and a
whole group can be swept away. Linux tells each of them when the supervisor is gone (PR_SET_PDEATHSIG).
"""

import ctypes
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click

POLL_SECONDS = 0.2
_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 10 * 1024**2
_MAX_DEATHS = 5
_DEATHS_WITHIN = 60.0
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class GaveUp(Exception):
    """A program died again and again; the message says which, and where its log is."""


class Stopped(Exception):
    """Somebody asked the supervisor to stop."""


@dataclass(frozen=True)
class Program:
    """What to run. `once`: it ends by itself and is not started again. `is_vital`: nothing goes on without it."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    stop_seconds: float = 12.0
    once: bool = False
    niceness: int = 0
    is_vital: bool = True


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None
    started_at: float
    deaths: list[float] = field(default_factory=list)
    restart_at: float = 0.0


class Supervisor:
    """Not for threads: start programs from the main thread, or Linux ends them when the starting thread ends."""

    def __init__(self, *, say: Callable[[str], None], inherit: tuple[int, ...] = ()) -> None:
        self._say = say
        self._inherit = inherit
        self._children: list[_Child] = []
        self._signals = 0

    def catch_signals(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP ask for a stop (a second one for a quick stop)."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, program: Program) -> None:
        self._children.append(_Child(program, self._spawn(program), time.monotonic()))

    def run(self, program: Program) -> tuple[int, str]:
        """Run a program to its end, before anything is watched; its exit code and standard output.

        A request to stop waits for that end, so that nothing it made goes untold.
        """
        process = self._spawn(program, stdout=subprocess.PIPE)
        output, _ = process.communicate()
        return process.returncode, output.decode()

    def wait_for(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Keep everything running until `ready`; `GaveUp` when it takes too long."""
        give_up_at = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > give_up_at:
                raise GaveUp(f"{what} did not answer within {seconds:.0f} seconds.")
            self.tick()

    def tick(self) -> None:
        """Look after the programs once, then rest for a moment. Raises `Stopped` or `GaveUp`."""
        if self._signals:
            raise Stopped
        for child in self._children:
            self._look_after(child)
        time.sleep(POLL_SECONDS)

    def exit_code_of(self, name: str) -> int | None:
        """How the program ended; None while it runs."""
        child = next(child for child in self._children if child.program.name == name)
        return child.process.poll() if child.process else None

    def stop(self) -> None:
        """End all programs, the last started first, each with time to finish what it does."""
        for child in reversed(self._children):
            if child.process:
                self._end(child.process, child.program.stop_seconds)
        self._children.clear()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _spawn(self, program: Program, *, stdout: int | None = None) -> subprocess.Popen[bytes]:
        keep_short(program.log)
        with program.log.open("ab") as log:
            return subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log if stdout is None else stdout,
                stderr=log,
                env=program.environment,
                pass_fds=self._inherit,
                start_new_session=True,
                # The supervisor has one thread, so code between fork and exec is safe.
                preexec_fn=_die_with(os.getpid(), program.niceness),  # noqa: PLW1509
            )

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.restart_at:
                child.process, child.started_at = self._spawn(child.program), now
                self._say(f"{child.program.name}: started again")
            return
        code = child.process.poll()
        if code is None or child.program.once:
            return
        _sweep(child.process.pid)
        child.process = None
        child.deaths = [at for at in child.deaths if now - at < _DEATHS_WITHIN] + [now]
        if len(child.deaths) >= _MAX_DEATHS:
            self._give_up_on(child)
            return
        child.restart_at = now + 0.25 * 2 ** len(child.deaths)
        self._say(f"{child.program.name}: ended with {_describe(code)}, starting it again (log: {child.program.log})")

    def _give_up_on(self, child: _Child) -> None:
        """Raises `GaveUp` for a vital one; the rest goes on without another."""
        what = f"{child.program.name} ended {_MAX_DEATHS} times in a row. See {child.program.log}"
        if child.program.is_vital:
            raise GaveUp(what)
        child.restart_at = math.inf
        self._say(f"{what}. The rest goes on without it.")

    def _end(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        asked = self._signals
        if process.poll() is None:
            process.terminate()
        give_up_at = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < give_up_at and self._signals <= max(asked, 1):
            time.sleep(0.02)
        _sweep(process.pid)
        process.wait()


class Follower:
    """Print what is new in a log, line by line, as far as `wanted` lets it through."""

    def __init__(self, log: Path, *, prefix: str, wanted: Callable[[str], bool]) -> None:
        self._log, self._prefix, self._wanted = log, prefix, wanted
        self._at = log.stat().st_size if log.exists() else 0
        self._rest = b""

    def look(self) -> None:
        try:
            with self._log.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._at:
                    self._at = 0
                file.seek(self._at)
                data = file.read(1 << 20)
        except FileNotFoundError:
            return
        self._at += len(data)
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        for line in lines:
            text = line.decode(errors="replace").rstrip()
            if text and self._wanted(text):
                click.echo(f"{self._prefix}: {text}")


def keep_short(log: Path) -> None:
    """Put a log that has grown long aside, in place of the one put aside before."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(f"{log.name}.1"))


def _die_with(supervisor: int, niceness: int) -> Callable[[], None]:
    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it ended before we could ask to be told
            os._exit(1)
        if niceness:
            os.nice(niceness)

    return prepare


def _sweep(leader: int) -> None:
    """Kill what is left of the program's group, itself included."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _describe(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
