"""The worker that runs jobs on the hub's own machine: a program like any other worker, with an address and a token."""

import importlib.util
import os
import sys
from pathlib import Path

import click

from hub.cli.environment import stranger_environment
from hub.cli.supervisor import Program, Supervisor

_NEEDED = ("workers.cli", "torch", "transformers")
# A job that saves before it is given back takes its time.
STOP_SECONDS = 40.0


def threads() -> int:
    """Of a job beside the hub: a thread that has to wait for its core makes all others wait for it."""
    return max(1, (os.cpu_count() or 1) - 1)


def start(supervisor: Supervisor, folder: Path, url: str, token_file: str, more: list[str]) -> None:
    """On the processor, one job at a time, which leaves a core to the hub; with `more` of a worker's options. Says so
    where libraries aren't installed."""
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        click.echo(f"jobs: {', '.join(missing)} missing, so this machine runs none. pip install 'headstart[worker]'")
        return
    options = ["--hub", url, "--token-file", token_file, "--folder", str(folder / "worker"), *more]
    command = [sys.executable, "-m", "workers.cli", *options, "--name", "local", "--threads", str(threads())]
    environment = stranger_environment(PYTHONUNBUFFERED="1", OMP_NUM_THREADS="1")
    log = folder / "logs" / "jobs.log"
    supervisor.start(Program("jobs", command, log, environment, STOP_SECONDS, niceness=5, is_vital=False))
