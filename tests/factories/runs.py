"""Folders of jobs as a supervisor makes them, with the tiny model and data of a recipe; and runs of them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from workers.contract import JobSpec, Source
from workers.lib import folder as folders
from workers.lib import seeds
from workers.lib.config import settle
from workers.lib.folder import Work
from workers.lib.session import Session, Table
from workers.recipes import recipe
from workers.runner.sessions import held_out

ROOT = Path(__file__).resolve().parent.parent.parent
COMMIT = "c" * 40


def store(table: Table, path: Path) -> str:
    """A table of a recipe's tiny() as a data set folder."""
    path.mkdir(parents=True)
    frame = pd.concat([table.rows, table.others], axis=1)
    frame.dropna(axis=1, how="all").to_parquet(path / "data.parquet", index=False)
    return str(path)


def make_work(root: Path, name: str, *, kind: str = "finetune", seed: int = 0, config: Any = None, **more: Any) -> Work:
    """Model and data of tiny() below `root`, and the work over them."""
    (root / "model").mkdir(parents=True)
    base, train, test, learned = recipe(name).tiny(root / "model", seed)
    datasets = (store(train, root / "train"), store(test, root / "test"))
    sources = tuple(
        Source(f"me/{role}", COMMIT, "dataset", role, columns=_columns(table))
        for role, table in (("train", train), ("test", test))
    )
    chosen = {**learned, **(config or {})}
    spec = JobSpec(
        "job_1", kind, recipe=name, datasets=sources, seed=seed, base=Source("me/base", COMMIT) if base else None,
        config=chosen if kind == "finetune" else {name: chosen}, **more,
    )  # fmt: skip
    return Work(spec, base=str(base or ""), datasets=datasets)


def _columns(table: Table) -> dict[str, str]:
    return {name: name for name in table.rows if table.rows[name].notna().any()}


def make_folder(path: Path, work: Work) -> Path:
    path.mkdir(parents=True)
    folders.write_json(path / folders.JOB, work)
    return path


def start(folder: Path, ranks: int = 1, program: str = "workers.runner", **more: Any) -> "subprocess.Popen[bytes]":
    environment = {"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "HOME": str(folder)}
    environment |= {"GLOO_SOCKET_IFNAME": "lo"}
    several = ["workers.runner.spread", str(folder), str(ranks)]
    command = [sys.executable, "-m", *(several if ranks > 1 else [program, str(folder)])]
    with (folder / folders.LOG).open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, **more)


def finish(folder: Path, ranks: int = 1) -> int:
    return start(folder, ranks).wait(120)


def kill_at(folder: Path, step: int, number: int = signal.SIGKILL, ranks: int = 1) -> int:
    """Start the job and send it a signal once it has a checkpoint of `step` or later. Its exit code."""
    process = start(folder, ranks)
    while process.poll() is None and not any(found >= step for found, _ in folders.checkpoints(folder)):
        time.sleep(0.002)
    process.send_signal(number)
    return process.wait(60)


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / folders.EVENTS).read_text().splitlines()]


class Notes:
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.metrics: list[tuple[str, int, float]] = []
        self.steps: list[int] = []

    def progress(self, step: int, total: int, **more: float) -> None:
        self.steps.append(step)

    def metric(self, name: str, value: float, step: int, split: str = "") -> None:
        self.metrics.append((f"{split}/{name}", step, value))

    def say(self, text: str, level: str = "info") -> None:
        self.said.append(text)


def make_session(path: Path, name: str, *, config: Any = None, seed: int = 0, **more: Any) -> Session:
    """A fine-tune of a recipe's tiny model in this process, ready to go."""
    torch.set_num_threads(1)
    method = recipe(name)
    for folder in ("model", "out", "checkpoints"):
        (path / folder).mkdir(parents=True)
    base, train, test, learned = method.tiny(path / "model", seed)
    kept, validation = held_out(train, method.offer.columns, seed)
    seeds.plant(seed)
    return Session(
        JobSpec("job_1", "finetune", recipe=name, seed=seed), path, path / "out", path / "checkpoints", base=base,
        config=settle(method.offer.options, {**learned, **(config or {})}), seed=seed, train=kept,
        validation=validation, test=test, report=Notes(), **more,
    )  # fmt: skip


def trained_weights(session: Session) -> dict[str, bytes]:
    """Each file of weights in `out`."""
    return {path.name: path.read_bytes() for path in session.out.rglob("*.safetensors")}


def newest(session: Session) -> Path:
    return max(session.checkpoints.iterdir(), key=lambda path: int(path.name.partition("-")[2]))


def stop_after(count: int) -> Any:
    """A `should_stop` that turns true when asked for the n-th time: after so many steps."""
    asked = iter(range(1, 1_000_000))
    return lambda: next(asked) >= count


def planted(session: Session) -> Session:
    """With the generators as the runner leaves them to a recipe."""
    seeds.plant(session.seed)
    return session
