"""A hub with its broker and several workers in processes of their own, a tiny model and tables to learn from; and a
look at all of it from outside: at the hub's rows, and at what each worker's processes do at this moment."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

import sdk
from tests.functional.hub_process import ROOT, HubProcess, eventually, run
from workers.recipes import recipe

SETTINGS = {
    "HEADSTART_JOB_LEASE_SECONDS": "8",
    "HEADSTART_JOB_LOOK_SECONDS": "2",
    "HEADSTART_JOB_TEND_SECONDS": "1",
    "HEADSTART_JOB_RING_SECONDS": "4",
    "HEADSTART_JOB_PAUSE_SECONDS": "1",
}
# Some seconds of training each, with a checkpoint every now and then.
ORDERS: dict[str, dict[str, Any]] = {
    "tabular": {"base": None, "dataset": "ada/table", "epochs": 24, "batch_size": 16, "learning_rate": 0.002,
                "patience": 0, "dropout": 0.2, "boosting": False, "checkpoint_steps": 400},
    "text-classification": {"base": "ada/encoder", "dataset": "ada/texts", "max_steps": 120, "batch_size": 16,
                            "learning_rate": 2e-3, "checkpoint_steps": 10},
}  # fmt: skip
CARDS: dict[str, dict[str, Any]] = {
    "encoder": {"license": "mit", "pipeline_tag": "text-classification", "library_name": "transformers"},
    "texts": {"license": "mit"},
    "table": {"license": "mit"},
}
_ON_ONE_CORE = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execv(sys.argv[2], sys.argv[2:])"


@dataclass(frozen=True)
class Row:
    """A job as its row has it."""

    state: str
    token: int
    worker: str
    losses: int
    failures: int
    has_result: bool
    branch: str
    checkpoint: int

    @property
    def is_held(self) -> bool:
        return self.state in ("claimed", "preparing", "running", "finalizing")

    @property
    def is_over(self) -> bool:
        return self.state in ("succeeded", "failed", "cancelled", "lost")


_ROW = """
SELECT j.state, j.lease_token, coalesce(w.name, ''), j.losses, j.failures, j.result IS NOT NULL,
  coalesce((SELECT r.target FROM catalog_ref r WHERE r.repo_id = j.out_repo_id
    AND r.name = 'refs/heads/jobs/' || j.public_id || '-' || j.lease_token), ''),
  coalesce((SELECT max(c.step) FROM jobs_checkpoint c WHERE c.job_id = j.id), 0)
FROM jobs_job j LEFT JOIN jobs_worker w ON w.id = j.worker_id WHERE j.public_id = ?
"""


@dataclass
class Laborer:
    """A worker: `headstart worker` in a process of its own, on one core, with nothing but an address, a broker and a
    token. It is started again whenever it was killed."""

    name: str
    folder: Path
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0

    def start(self) -> "Laborer":
        self.folder.mkdir(exist_ok=True)
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1"}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=variables, stdout=log, stderr=log, start_new_session=True
            )
        self.starts += 1
        return self

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def below(self) -> dict[str, list[psutil.Process]]:
        """Processes that descend from it, by what they are: nest, runner, errand, other."""
        found: dict[str, list[psutil.Process]] = {}
        with suppress(psutil.NoSuchProcess):
            for each in psutil.Process(self.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    found.setdefault(_what(" ".join(each.cmdline())), []).append(each)
        return found

    def place(self, job: str, token: int) -> Path:
        return self.folder / "jobs" / f"{job}-{token}"

    def send(self, number: int) -> None:
        """To its process alone, not to its children."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)
            self.process.wait(timeout=90)


def _what(command: str) -> str:
    words = {"errand": "supervisor.errand", "nest": "nest.py", "runner": "workers.runner"}
    return next((name for name, word in words.items() if word in command), "other")


@dataclass
class Stack:
    """`running()` makes one."""

    hub: HubProcess
    url: str
    token: str
    folder: Path
    laborers: dict[str, Laborer] = field(default_factory=dict)
    changing: threading.Lock = field(default_factory=threading.Lock)
    _looks: threading.local = field(default_factory=threading.local)

    @property
    def access(self) -> dict[str, Any]:
        return {"hub": self.url, "token": self.token}

    def order(self, method: str, name: str, seed: int = 7) -> str:
        """The id of a new job."""
        told = dict(ORDERS[method])
        base, dataset = told.pop("base"), told.pop("dataset")
        ordered = sdk.finetune(
            base, dataset=dataset, recipe=method, out=f"ada/{name}", seed=seed, config=told, **self.access
        )
        return ordered.id

    def row(self, job: str) -> Row:
        """Read straight from the database's file: often, and at no cost to the hub."""
        if not hasattr(self._looks, "base"):
            path = self.hub.data / "hub.sqlite3"
            self._looks.base = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, timeout=20)
        return Row(*self._looks.base.execute(_ROW, (job,)).fetchone())

    def ask(self, program: str, *arguments: str) -> str:
        """What a program prints that runs in the hub's environment."""
        variables = {**os.environ, "HEADSTART_DATA": str(self.hub.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT, env=variables, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def running(folder: Path, laborers: int = 3) -> Iterator[Stack]:
    """The whole stack, filled and idle."""
    folder.mkdir(parents=True, exist_ok=True)
    hub = HubProcess(folder / "data", "--no-demo", settings=SETTINGS)
    stack: Stack | None = None
    try:
        url = f"http://{hub.wait_until_up()}"
        run("user", "add", "ada", "--data", hub.data)
        token = run("token", "add", "ada", "--name", "kills", "--scope", "write", "--data", hub.data).stdout.strip()
        stack = Stack(hub, url, token, folder)
        _fill(stack)
        for number in range(laborers):
            name = f"laborer-{number}"
            stack.laborers[name] = _laborer(stack, name, number).start()
        ready = len(stack.laborers)
        eventually(lambda: _joined(stack) == ready, seconds=120)
        yield stack
    finally:
        for each in stack.laborers.values() if stack else ():
            each.stop(signal.SIGKILL)
        if hub.process.poll() is None:
            hub.stop()
        hub.process.stdout.close()


def _joined(stack: Stack) -> int:
    with sqlite3.connect(f"file:{stack.hub.data / 'hub.sqlite3'}?mode=ro", uri=True) as base:
        return int(base.execute("SELECT count(*) FROM jobs_worker WHERE heard_at IS NOT NULL").fetchone()[0])


def _laborer(stack: Stack, name: str, number: int) -> Laborer:
    secret = run("worker-token", "add", name, "--data", stack.hub.data).stdout.strip()
    assert secret.startswith("hsw_"), secret
    file = stack.folder / f"{name}.token"
    file.write_text(secret)
    folder = stack.folder / name
    broker = f"redis+socket://{stack.hub.data / 'run' / 'valkey.sock'}"
    if not (stack.hub.data / "run" / "valkey.sock").exists():
        broker = stack.ask("import hub.settings as s; print(s.CELERY_BROKER_URL)").strip()
    cores = sorted(os.sched_getaffinity(0))
    command = [sys.executable, "-c", _ON_ONE_CORE, str(cores[number % len(cores)])]
    command += [sys.executable, "-m", "workers.cli"]
    command += ["--hub", stack.url, "--broker", broker, "--token-file", str(file), "--folder", str(folder)]
    # One of them has a process at hand for each job.
    return Laborer(name, folder, [*command, "--name", name, "--spare-minutes", "0" if number else "15"])


def _fill(stack: Stack) -> None:
    """A table of 4,000 rows, texts, and an encoder with random weights."""
    made = stack.folder / "made"
    for name in ("encoder", "texts", "table"):
        (made / name).mkdir(parents=True)
    _, train, _, _ = recipe("text-classification").tiny(made / "encoder", 0)
    train.rows[["text", "label"]].to_parquet(made / "texts" / "train.parquet", index=False)
    random = np.random.default_rng(0)
    table = pd.DataFrame({f"x{number}": random.normal(size=4000) for number in range(6)})
    table["label"] = np.where(table["x0"] * table["x1"] + table["x2"] > 0, "yes", "no")
    table.to_parquet(made / "table" / "train.parquet", index=False)
    for name, kind in (("encoder", "model"), ("texts", "dataset"), ("table", "dataset")):
        kept = stack.folder / "cache"
        sdk.push(made / name, f"ada/{name}", kind=kind, card=CARDS[name], cache_dir=kept, **stack.access)
