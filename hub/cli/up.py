"""`headstart up`: the whole hub with one command."""

import http.client
import json
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from hub.cli import checks, local_worker, valkey
from hub.cli.base import require
from hub.cli.environment import allow_host, child_environment, configure, data_option
from hub.cli.seeding import Seeding
from hub.cli.supervisor import Follower, GaveUp, Program, Stopped, Supervisor

START_SECONDS = 120.0


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option("--no-seed", is_flag=True, help="Leave the catalog empty at the first start.")
@click.option("--no-demo", is_flag=True, help="No demo reviewers at the desk after the first start filled the catalog.")
@click.option("--no-worker", is_flag=True, help="No worker on this machine's processor: no jobs without another.")
@click.option("--spare-minutes", default=15, show_default=True, type=click.IntRange(0), help="As of headstart worker.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web server processes.")
def up(
    data: Path | None,
    host: str,
    port: int,
    no_seed: bool,
    no_demo: bool,
    no_worker: bool,
    spare_minutes: int,
    workers: int,
) -> None:
    """Start the hub: web server, background worker, broker, and a worker for jobs, until Ctrl+C."""
    require(checks.python())
    require(checks.packages())
    folder = configure(data)
    require(checks.folder(folder))
    lock = checks.DataLock(folder)
    lock.acquire(wait=20)
    allow_host(host)
    from hub import settings

    port = port or free_port(host)
    for check in (checks.port(host, port), checks.disk(folder), checks.broker(settings.REDIS_URL)):
        require(check)
    supervisor = Supervisor(say=click.echo, inherit=(lock.number,))
    supervisor.catch_signals()
    hub = _Hub(settings, folder, host, port, workers, not no_demo, spare_minutes)
    sys.exit(_run(hub, supervisor, seed=not no_seed, jobs=not no_worker))


@dataclass(frozen=True)
class _Hub:
    """What this start was asked for."""

    settings: Any
    folder: Path
    host: str
    port: int
    workers: int
    demo: bool
    spare_minutes: int

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104
        return f"http://{_bracketed(host)}:{self.port}"

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"


def _run(hub: _Hub, supervisor: Supervisor, *, seed: bool, jobs: bool) -> int:
    """Start everything, watch it until somebody stops it; the exit code."""
    prepared: dict[str, Any] = {}
    try:
        click.echo(f"Headstart starts on {hub.folder}")
        _start_broker(hub, supervisor)
        prepared = _prepare(hub, supervisor)
        supervisor.start(_program(hub, "worker", [sys.executable, "-m", "hub.cli.worker"]))
        supervisor.start(_program(hub, "web", _web_command(hub)))
        supervisor.wait_for(lambda: is_healthy(hub.url), what="The web server", seconds=START_SECONDS)
        click.echo(_banner(hub, prepared))
        if jobs:
            more = ["--broker", hub.settings.CELERY_BROKER_URL, "--spare-minutes", str(hub.spare_minutes)]
            local_worker.start(supervisor, hub.folder, hub.url, prepared["worker"], more)
        prepared.pop("admin")
        _watch(hub, supervisor, _seeding(hub, prepared["token"]) if seed else None)
    except Stopped:
        return 0
    except GaveUp as error:
        click.echo(f"Error: {error}\nLogs are in {hub.folder / 'logs'}.", err=True)
        return 1
    finally:
        if admin := prepared.get("admin"):
            click.echo(f"Administrator {admin['name']}, one-time password {admin['password']}")
        supervisor.stop()
        click.echo("Headstart has stopped.")
    return 0


def _start_broker(hub: _Hub, supervisor: Supervisor) -> None:
    server = valkey.find_server()
    if hub.settings.REDIS_URL or server is None:
        return
    unix_socket, folder = Path(hub.settings.REDIS_SOCKET), hub.folder / "broker"
    valkey.prepare_folders(unix_socket=unix_socket, folder=folder)
    supervisor.start(_program(hub, "broker", valkey.command(server=server, unix_socket=unix_socket, folder=folder)))
    supervisor.wait_for(lambda: valkey.answers(unix_socket), what="The broker", seconds=START_SECONDS)


def _prepare(hub: _Hub, supervisor: Supervisor) -> dict[str, Any]:
    """Migrations, static files and first accounts, in a process of its own."""
    log = hub.log("prepare")
    log.unlink(missing_ok=True)
    code, output = supervisor.run(_program(hub, "prepare", [sys.executable, "-m", "hub.cli.prepare"]))
    if code:
        last = (log.read_text().strip().splitlines() or ["no reason given"])[-1]
        raise GaveUp(f"The data folder can't be prepared: {last}")
    answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    return answer


def _seeding(hub: _Hub, token_file: str) -> Seeding:
    return Seeding(folder=hub.folder, url=hub.url, token_file=token_file, demo=hub.demo)


def _watch(hub: _Hub, supervisor: Supervisor, seeding: Seeding | None) -> None:
    """Look after everything, and say what goes wrong, until `Stopped` or `GaveUp`."""
    followers = [Follower(hub.log(name), prefix=name, wanted=_is_trouble) for name in ("web", "worker")]
    if seeding:
        seeding.start(supervisor)
    while True:
        supervisor.tick()
        for follower in followers:
            follower.look()
        if seeding:
            seeding.look(supervisor)


def _web_command(hub: _Hub) -> list[str]:
    bind = f"{_bracketed(hub.host)}:{hub.port}"
    options = ["-c", "python:hub.cli.web", "--bind", bind, "--workers", str(hub.workers)]
    return [sys.executable, "-m", "gunicorn", *options]


def _program(hub: _Hub, name: str, command: list[str]) -> Program:
    return Program(name=name, command=command, log=hub.log(name), environment=child_environment(PYTHONUNBUFFERED="1"))


def _banner(hub: _Hub, prepared: dict[str, Any]) -> str:
    rows = [("Pull", f"HEADSTART_URL={hub.url} {_own_command()} pull all-minilm-l6-v2")]
    rows += [("Logs", str(hub.folder / "logs"))]
    lines = ["", f"  Headstart runs at {hub.url}"]
    if admin := prepared.get("admin"):
        lines.append(f"  Sign in as {admin['name']} with the one-time password {admin['password']}")
    return "\n".join([*lines, "", *(f"  {label:<5} {text}" for label, text in rows), "", "  Ctrl+C stops it", ""])


def _own_command() -> str:
    """`headstart` as the reader can type it here."""
    if shutil.which("headstart"):
        return "headstart"
    own = Path(sys.executable).parent / "headstart"
    return str(own) if own.exists() else f"{sys.executable} -m sdk.cli"


def is_healthy(url: str) -> bool:
    """Whether the hub at that address says who it is."""
    address = url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/api/headstart/about")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port(host: str) -> int:
    """A port that nobody uses now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind((host, 0))
        number: int = listener.getsockname()[1]
        return number


def _is_trouble(line: str) -> bool:
    return " ERROR " in line or " CRITICAL " in line or "[ERROR]" in line or "[CRITICAL]" in line


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
