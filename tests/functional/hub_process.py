"""A hub as its users start it: `headstart up` in a process of its own."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "hub.cli"]


def environment() -> dict[str, str]:
    """This process's environment without what would tell the hub about another one."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HEADSTART_", "DJANGO_"))}


def run(*arguments: str | Path, **options) -> subprocess.CompletedProcess:
    """One `headstart` command to its end."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, **options)


class HubProcess:
    """A running `headstart up`, with what it printed. `settings` is environment of the hub."""

    def __init__(
        self, data: Path, *arguments: str, is_working: bool = False, settings: dict[str, str] | None = None
    ) -> None:
        self.data = data
        self.printed = ""
        idle = () if is_working else ("--no-worker",)
        self.process = subprocess.Popen(
            [*COMMAND, "up", "--data", str(data), "--port", "0", "--no-seed", *idle, *arguments],
            cwd=ROOT,
            env=environment() | (settings or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_until_it_says(self, pattern: str) -> str:
        """Read on until a line matches; the first group, or the whole match."""
        for line in self.process.stdout:
            self.printed += line
            if found := re.search(pattern, line):
                return found.group(found.lastindex or 0)
        raise AssertionError(f"The hub ended without saying {pattern!r}:\n{self.printed}\n{self.logs()}")

    def wait_until_up(self) -> str:
        """Its address."""
        url = self.wait_until_it_says(r"runs at http://(\S+)")
        self.wait_until_it_says(r"Ctrl\+C stops it")
        return url

    def logs(self) -> str:
        return "\n".join(f"--- {log.name}\n{log.read_text()[-2000:]}" for log in self.data.glob("logs/*.log"))

    def children(self) -> dict[int, str]:
        """Processes that work for this data folder, by what they run; the supervisor is not among them."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command, environ = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
                # Valkey writes its title over its environment; the title names the socket.
                if bytes(self.data) in command + environ and int(folder.name) != self.process.pid:
                    found[int(folder.name)] = command.replace(b"\0", b" ").decode()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def child(self, words: str) -> int:
        """The oldest process whose command has these words; 0 when there is none."""
        return min((number for number, command in self.children().items() if words in command), default=0)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.printed += self.process.stdout.read()
        return code


@contextmanager
def running_hub(data: Path, *arguments: str, is_working: bool = False) -> Iterator[HubProcess]:
    hub = HubProcess(data, *arguments, is_working=is_working)
    try:
        yield hub
    finally:
        if hub.process.poll() is None:
            hub.stop()
        hub.process.stdout.close()


def status_of(address: str, path: str = "/api/headstart/about") -> int:
    """The status of a GET; 0 when nobody answers."""
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def eventually(true: Callable[[], object], *, seconds: float = 30) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at, "it did not come true in time"
        time.sleep(0.1)
