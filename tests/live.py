"""A whole hub in processes of its own: gunicorn on a free port, a database and a data folder that are thrown away."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
PREPARE = """
import json
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.factories import make_org, make_token, make_user
ada, bob, root = make_user("ada"), make_user("bob"), make_user("root", is_admin=True)
make_org("acme", admin=ada, read=bob)
make_org("headstart", admin=ada)
make_org("quiet", admin=ada, private_by_default=True)
print(json.dumps({
    "ada": make_token(ada, "admin"), "writer": make_token(ada, "write"), "reader": make_token(ada, "read"),
    "bob": make_token(bob, "admin"), "root": make_token(root, "admin"),
}))
"""


@dataclass
class LiveHub:
    """A running hub. `tokens`: ada (admin of acme, headstart and quiet; also as `writer` and `reader`, of that scope),
    bob (may read in acme) and root (administrator of the hub). `settings` is environment of the hub.
    """

    data_dir: Path
    workers: int = 2
    threads: int = 32
    settings: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    url: str = ""
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> "LiveHub":
        """Make the database on the first start; later ones go on with what is there."""
        (self.data_dir / "static").mkdir(parents=True, exist_ok=True)
        if not self.tokens:
            self.tokens = _prepare(self)
        port = int(self.url.rpartition(":")[2]) if self.url else free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "gunicorn", "-c", "python:hub.cli.web", "-w", str(self.workers)]
        command += ["-b", f"127.0.0.1:{port}", "--threads", str(self.threads)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would, workers and all."""
        self._end(signal.SIGKILL)

    def run(self, *arguments: str) -> str:
        """Run Python in the hub's environment, to its end."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def log(self) -> Path:
        return self.data_dir / "hub.log"

    def environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith("HEADSTART_")}
        return mine | {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HEADSTART_DATA": str(self.data_dir),
            "HEADSTART_SECRET_KEY": "test-only",
            # Tasks are sent to nobody.
            "HEADSTART_REDIS_URL": "memory://",
            # No indexer runs beside it.
            "HEADSTART_INDEX_WITH_SEARCH": "1",
            "OMP_NUM_THREADS": "1",
            **self.settings,
        }

    def _wait(self) -> None:
        give_up_at = time.monotonic() + 60
        while time.monotonic() < give_up_at:
            assert self.process is not None and self.process.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(f"{self.url}/api/agent-harnesses", timeout=5).read()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise AssertionError(f"The hub did not start.\n{self.log.read_text()}")

    def _end(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=60)
        self.process = None


# Where a run of the suite keeps a new hub's folder to copy; outside such a run each hub makes its own.
template: Path | None = None


def _prepare(hub: LiveHub) -> dict[str, str]:
    """Fill a new hub's folder; its tokens."""
    if template is None or "HEADSTART_DATABASE_URL" in hub.settings:
        return _make(hub)
    with FileLock(f"{template}.lock"):
        told = template / "tokens.json"
        if not told.exists():
            template.mkdir()
            told.write_text(json.dumps(_make(LiveHub(template))))
    shutil.copytree(template, hub.data_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns(told.name))
    return dict(json.loads(told.read_text()))


def _make(hub: LiveHub) -> dict[str, str]:
    return dict(json.loads(hub.run("-c", PREPARE).splitlines()[-1]))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
