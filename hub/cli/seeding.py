"""Fill the catalog at the first start, in the background, through the same public address that everybody pushes to."""

import importlib.util
import sys
from pathlib import Path

import click

from hub.cli.environment import child_environment
from hub.cli.supervisor import Follower, Program, Supervisor

_AGAIN = "It is tried again at the next start; or by hand: headstart seed"


class Seeding:
    """One run of `headstart seed`, done once per data folder. A failure is told and doesn't touch the hub."""

    def __init__(self, *, folder: Path, url: str, token_file: str) -> None:
        self._done = folder / "run" / "seeded"
        self._log = folder / "logs" / "seed.log"
        self._url = url
        self._token_file = Path(token_file)
        self._runs = False
        self._follower = Follower(self._log, prefix="seed", wanted=bool)

    def start(self, supervisor: Supervisor) -> None:
        if self._done.exists():
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
        self._runs = True

    def look(self, supervisor: Supervisor) -> None:
        """Pass on what it says, and note how it ended."""
        if not self._runs:
            return
        code = supervisor.exit_code_of("seed")
        self._follower.look()
        if code is None:
            return
        self._runs = False
        if code:
            click.echo(f"seed: not all of the catalog could be filled (log: {self._log}). {_AGAIN}")
            return
        self._done.touch()
        click.echo("seed: the catalog is filled")
