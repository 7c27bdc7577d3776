"""Everything that jobs need, in processes of its own: broker, hub, the hub's own worker, and workers beside them.

Workers start with an empty environment but for their token: an address, a broker and that are all that they have.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import sdk
from hub.cli.valkey import find_server
from tests.live import ROOT, LiveHub, free_port

SETTINGS = {
    "HEADSTART_JOB_LEASE_SECONDS": "10",
    "HEADSTART_JOB_LOOK_SECONDS": "1",
    "HEADSTART_JOB_RING_SECONDS": "2",
    "HEADSTART_JOB_TEND_SECONDS": "1",
    "HEADSTART_JOB_PAUSE_SECONDS": "1",
    "HEADSTART_WORKER_SILENT_AFTER": "3600",
}
SEED = """
import json
import django
django.setup()
from hub.accounts.services import SYSTEM
from hub.jobs.services import workers
from tests.factories.catalog import make_repo
from tests.functional.job_data import DATA
for name, files in DATA.items():
    make_repo(owner="ada", kind="dataset", name=name, files=files)
print(json.dumps({name: workers.add_worker(by=SYSTEM, name=name)[1] for name in ("left", "right", "odd")}))
"""
TRIES = "select worker_name, outcome, first_step from jobs_attempt where job_id = ? order by token"
REFS = "select name, target from catalog_ref where repo_id = ?"
COMMITS = "select title from catalog_commit where repo_id = ?"
CHECKPOINTS = "select step from jobs_checkpoint where job_id = ? order by step"
JOB = "select id, out_repo_id, result_commit, batch_halvings, failures from jobs_job where public_id = ?"
MOMENTS = "select at from jobs_jobevent where job_id = ? order by seq"
_ends = count(1)


class Program:
    """A process that is started, stopped and killed with its whole tree, and what it says."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str], folder: Path = ROOT) -> None:
        self.command, self.log, self.environment, self.folder = command, log, environment, folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Program":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def send(self, number: int) -> None:
        """To its process alone, not to its children."""
        assert self.process is not None
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM, seconds: float = 30) -> int:
        """Its exit code; what won't go in so many seconds is killed."""
        if self.process is None:
            return 0
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            code = self.process.wait()
        self.process = None
        return code

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")


class Stack:
    """`broker`, `hub` and `tender` (the hub's own worker) run; `worker()` starts another."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.broker_url = f"redis://127.0.0.1:{self.port}/0"
        settings = {**SETTINGS, "HEADSTART_REDIS_URL": self.broker_url}
        self.hub = LiveHub(folder / "hub", workers=1, settings=settings)
        self.broker = self._program("broker", [str(find_server()), "--port", str(self.port), "--save", ""])
        self.tender = self._program("tender", [sys.executable, "-m", "hub.cli.worker"], self.hub.environment())
        self.secrets: dict[str, str] = {}

    def _program(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> Program:
        return Program(command, self.folder / f"{name}.log", environment or {}, ROOT)

    def start(self) -> "Stack":
        self.hub.data_dir.mkdir()
        self.broker.start()
        self.hub.start()
        self.secrets = json.loads(self.hub.run("-c", SEED).splitlines()[-1])
        self.tender.start()
        return self

    def stop(self) -> None:
        self.tender.end()
        self.hub.stop()
        self.broker.end()

    @contextmanager
    def worker(self, name: str = "left", *, url: str = "", folder: Path | None = None, program: str = "",
               **options: Any) -> Iterator[Program]:  # fmt: skip
        """A worker in a process tree of its own, with nothing in its environment but its token."""
        folder = folder or self.folder / f"worker-{name}"
        told = {"hub": url or self.hub.url, "broker": self.broker_url, "name": name, "folder": str(folder),
                "spare-minutes": 0, **options}  # fmt: skip
        start = ["-m", "workers.cli"] if not program else [program]
        command = [sys.executable, *start, *(f"--{key}={value}" for key, value in told.items() if value != "")]
        environment = {"HEADSTART_WORKER_TOKEN": self.secrets[name]}
        if program:
            environment["PYTHONPATH"] = str(ROOT)
        made = Program(command, self.folder / f"{folder.name}.log", environment, ROOT)
        try:
            made.start()
            until(lambda: "Joined" in made.said, self)
            yield made
        finally:
            made.end()
            made.log.rename(made.log.with_suffix(f".{next(_ends)}.log"))
            if folder.is_dir() and not folder.is_mount():
                shutil.rmtree(folder, ignore_errors=True)

    def look(self, job: sdk.Job) -> dict[str, Any]:
        """What the hub's tables say of it."""
        with closing(sqlite3.connect(f"file:{self.hub.data_dir}/hub.sqlite3?mode=ro", uri=True, timeout=20)) as tables:
            [(key, repo, commit, halvings, failures)] = tables.execute(JOB, (job.id,))
            return {
                "commit": commit,
                "halvings": halvings,
                "failures": failures,
                "tries": tables.execute(TRIES, (key,)).fetchall(),
                "checkpoints": [step for (step,) in tables.execute(CHECKPOINTS, (key,))],
                "moments": [at for (at,) in tables.execute(MOMENTS, (key,))],
                "refs": dict(tables.execute(REFS, (repo,)).fetchall()),
                "commits": [title for (title,) in tables.execute(COMMITS, (repo,))],
            }

    def logs(self) -> str:
        logs = sorted(self.folder.glob("*.log"))
        return "".join(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)


def until(true: Callable[[], Any], stack: Stack, seconds: float = 300) -> Any:
    """Its first true answer. A hub or a broker that is away now may answer later."""
    give_up_at = time.monotonic() + seconds
    while True:
        with suppress(sdk.HubUnavailableError):
            if found := true():
                return found
        assert time.monotonic() < give_up_at, stack.logs()
        time.sleep(0.1)
