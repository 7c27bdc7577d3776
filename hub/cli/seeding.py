"""Fill the catalog at the first start, in the background, through the same public address that everybody pushes to."""

import importlib.util
import sys
from pathlib import Path

import click

from hub.cli.environment import child_environment
from hub.cli.supervisor import Follower, Program, Supervisor

_PROGRAMS = ("seed", "demo")
_AGAIN = "It is tried again at the next start; or by hand: headstart seed"


class Seeding:
    """`headstart seed`, then the demo reviewers, once per data folder. A failure is told and doesn't touch the hub."""

    def __init__(self, *, folder: Path, url: str, token_file: str, demo: bool = True) -> None:
        self._done = folder / "run" / "seeded"
        self._desk_waits = folder / "run" / "demo-desk-waits"
        self._logs = folder / "logs"
        self._log = self._logs / "seed.log"
        self._url = url
        self._token_file = Path(token_file)
        self._demo = demo
        self._runs = ""
        self._followers = {name: Follower(self._logs / f"{name}.log", prefix=name, wanted=bool) for name in _PROGRAMS}

    def start(self, supervisor: Supervisor) -> None:
        if self._done.exists():
            self._start_desk(supervisor)
            return
        if missing := [name for name in ("seeds", "torch") if importlib.util.find_spec(name) is None]:
            names = ", ".join(missing)
            click.echo(f"seed: {names} missing, so the catalog stays empty. pip install 'headstart[worker]'")
            return
        environment = child_environment(
            HEADSTART_TOKEN=self._token_file.read_text(), OMP_NUM_THREADS="1", PYTHONUNBUFFERED="1"
        )
        command = [sys.executable, "-m", "sdk.cli", "seed", "--url", self._url]
        click.echo("seed: the catalog is being filled; the hub can be used meanwhile")
        supervisor.start(Program("seed", command, self._log, environment, stop_seconds=5, once=True, niceness=10))
        self._runs = "seed"
        if self._demo:
            self._desk_waits.touch()

    def look(self, supervisor: Supervisor) -> None:
        """Pass on what it says, and note how it ended."""
        if not self._runs:
            return
        code = supervisor.exit_code_of(self._runs)
        self._followers[self._runs].look()
        if code is None:
            return
        ended, self._runs = self._runs, ""
        self._seeded(supervisor, code) if ended == "seed" else self._reviewed(code)

    def _seeded(self, supervisor: Supervisor, code: int) -> None:
        if code:
            click.echo(f"seed: not all of the catalog could be filled (log: {self._log}). {_AGAIN}")
        else:
            self._done.touch()
            click.echo("seed: the catalog is filled")
        self._start_desk(supervisor)

    def _start_desk(self, supervisor: Supervisor) -> None:
        """Once per data folder: a stop in between leaves the mark, and the next start goes on."""
        if not self._demo or not self._desk_waits.exists():
            return
        command, environment = [sys.executable, "-m", "hub.cli.demo_desk"], child_environment(PYTHONUNBUFFERED="1")
        log = self._logs / "demo.log"
        supervisor.start(Program("demo", command, log, environment, stop_seconds=5, once=True, niceness=10))
        self._runs = "demo"

    def _reviewed(self, code: int) -> None:
        if code:
            click.echo(f"demo: the demo reviewers stopped (log: {self._logs / 'demo.log'}). The next start tries again")
            return
        if self._done.exists():
            self._desk_waits.unlink(missing_ok=True)
