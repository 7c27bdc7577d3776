"""The folder of one attempt: how the supervisor and the process that runs the job speak to each other.

    job.json           `Work`: written before the process starts
    events.jsonl       one {at, kind, data} a line, as `contract.JobEvent` has them; the supervisor numbers them
    log.txt            what the process says on standard output and error
    checkpoints/       checkpoint-N/, renamed into place when whole
    out/               files of the new model
    predictions.parquet
    result.json        `Outcome`, on exit code 0
    failure.json       `contract.Failure`, on exit codes 64, 65, 66, 70
    stop               to save and end, where several processes run the job
    home/ tmp/         the process's own

SIGTERM asks it to save a checkpoint and end with `Exit.STOPPED`.
"""

import contextlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.contract import JobResult, JobSpec, Message

JOB, EVENTS, LOG = "job.json", "events.jsonl", "log.txt"
RESULT, FAILURE, PREDICTIONS = "result.json", "failure.json", "predictions.parquet"
STOP = "stop"
CHECKPOINTS, OUT = "checkpoints", "out"
CHECKPOINT = "checkpoint-"
# What the hub takes in one report.
_MOST_JSON = 32 << 20


@dataclass(frozen=True)
class Work(Message):
    """What the process is to do. Paths are absolute. `datasets` and `candidates` stand in the order of the spec;
    `base` is empty where the job has none, `resume` where it begins at the first step."""

    spec: JobSpec
    base: str = ""
    datasets: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    resume: str = ""
    device: str = "cpu"
    threads: int = 1
    batch_halvings: int = 0


@dataclass(frozen=True)
class Outcome(Message):
    """What the process brought. `card`, `metadata`, `notes`: as `session.Trained` has them (fine-tunes only)."""

    result: JobResult
    card: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    steps: int = 0


def write_json(path: Path, value: Message) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(value.to_json()))
    part.replace(path)


def write_first(path: Path, value: Message) -> None:
    """As `write_json`; but of several processes the first that comes is heard."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(json.dumps(value.to_json()))
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(part)
    part.unlink()


def read_json(path: Path) -> dict[str, Any]:
    """Raises ValueError where there is no JSON object of a file of its own."""
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name} is missing")
    if path.stat().st_size > _MOST_JSON:
        raise ValueError(f"{path.name} has more than {_MOST_JSON >> 20} MiB")
    try:
        found = json.loads(path.read_text())
    except RecursionError as error:
        raise ValueError(f"{path.name} nests too deep") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is no JSON object")
    return found


def checkpoints(folder: Path) -> list[tuple[int, Path]]:
    """Those that are whole, by step."""
    found = []
    for each in (folder / CHECKPOINTS).glob(f"{CHECKPOINT}*"):
        number = each.name.removeprefix(CHECKPOINT)
        if number.isdigit() and each.is_dir() and not each.is_symlink():
            found.append((int(number), each))
    return sorted(found)
