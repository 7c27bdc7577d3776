"""What a start needs, checked before anything starts; `headstart doctor` runs the same checks."""

import errno
import fcntl
import os
import shutil
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from hub.cli import valkey
from hub.cli.environment import missing_packages

MINIMUM_FREE = 1024**3
MINIMUM_PYTHON = (3, 11)


@dataclass(frozen=True)
class Check:
    """One thing looked at. `problem` is empty when it is fine; `remedy` says what to do when not.
    A note is neither fine nor wrong: it says how things are."""

    name: str
    fact: str = ""
    problem: str = ""
    remedy: str = ""
    is_note: bool = False


def python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < MINIMUM_PYTHON:
        return Check("python", problem=f"This is Python {version}.", remedy="Use Python 3.11 or newer.")
    return Check("python", version)


def packages() -> Check:
    if missing := missing_packages():
        return Check("packages", problem=f"Not installed: {', '.join(missing)}.", remedy="pip install 'headstart[hub]'")
    return Check("packages", "installed")


def folder(data: Path) -> Check:
    """The data folder exists (it is made) and can be written."""
    try:
        # Ours alone: the database in it holds the hashes of passwords and tokens.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "run").mkdir(mode=0o700, exist_ok=True)
        (data / "logs").mkdir(exist_ok=True)
        try_writing(data)
    except OSError as error:
        remedy = "Choose another with --data DIR, or give yourself the right to write there."
        return Check("data folder", problem=f"{data} can't be written: {error.strerror}.", remedy=remedy)
    return Check("data folder", str(data))


def try_writing(path: Path) -> None:
    """Write a file there that nobody sees; `OSError` when that fails."""
    with tempfile.TemporaryFile(dir=path) as file:
        file.write(b"x")
        file.flush()


def disk(data: Path) -> Check:
    free = shutil.disk_usage(data).free
    if free < MINIMUM_FREE:
        remedy = "Free some space, or choose another disk with --data DIR."
        return Check("disk", problem=f"Only {free / 1024**2:.0f} MiB are free under {data}.", remedy=remedy)
    return Check("disk", f"{free / 1024**3:.1f} GiB free")


def broker(redis_url: str) -> Check:
    """There is a broker to use: one by address, or a program to start."""
    if redis_url:
        return Check("broker", "the one named by HEADSTART_REDIS_URL")
    if server := valkey.find_server():
        return Check("broker", server)
    return Check("broker", problem="There is no Valkey or Redis server.", remedy=valkey.HOW_TO_GET_ONE)


def port(host: str, number: int) -> Check:
    """The address can be listened on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host or None, number, type=socket.SOCK_STREAM, flags=1)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            remedy = f"Stop what uses it, or choose another: headstart up --port {number + 1}"
            return Check("port", problem=f"Port {number} on {host} is taken.", remedy=remedy)
        return Check(
            "port",
            problem=f"Can't listen on {host}, port {number}: {error.strerror or error}.",
            remedy="Choose another with --host or --port.",
        )
    return Check("port", f"{host}:{number} is free")


class DataLock:
    """One hub per data folder. The children inherit the lock, so it lasts until the last of them is gone."""

    def __init__(self, data: Path) -> None:
        self._path = data / "run" / "lock"
        self._file: IO[str] | None = None

    def acquire(self, *, wait: float) -> None:
        """Take it; while its last owner is dead, wait for what that one left behind to end."""
        file = self._path.open("a+")
        give_up_at = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                owner = self.owner()
                if _lives(owner) or time.monotonic() > give_up_at:
                    file.close()
                    raise click.ClickException(
                        f"A hub runs on {self._path.parent.parent} already (process {owner}). "
                        "Stop it first, or choose another folder with --data DIR."
                    ) from None
                time.sleep(0.1)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give it up, as the end of the process does."""
        if self._file:
            self._file.close()
        self._file = None

    @property
    def number(self) -> int:
        """The descriptor that children inherit."""
        if self._file is None:
            raise RuntimeError("acquire() first")
        return self._file.fileno()

    def owner(self) -> int:
        """The process that took it last; 0 when unknown."""
        text = self._path.read_text().strip() if self._path.exists() else ""
        return int(text) if text.isdigit() else 0

    def is_held(self) -> bool:
        """Whether a hub runs here now."""
        if not self._path.exists():
            return False
        with self._path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


def _lives(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
