"""What a worker says of the job it has: each report under its lease token, or not at all."""

from collections.abc import Sequence
from typing import Any

from hub.jobs.models import Checkpoint, Worker
from workers import contract


def state(*, worker: Worker, job_id: str, token: int, to: str) -> str:
    """preparing, running, finalizing, in this order; said again it changes nothing. Raises `LeaseLost`."""
    raise NotImplementedError


def events(*, worker: Worker, job_id: str, token: int, told: Sequence[contract.JobEvent]) -> int:
    """Take events; the highest `seq` of this attempt that was taken. Raises `LeaseLost`."""
    raise NotImplementedError


def checkpoint(*, worker: Worker, job_id: str, token: int, step: int, sha256: str, size: int, body: Any) -> Checkpoint:
    """Take a checkpoint, whole. Raises `LeaseLost`, and what storage raises."""
    raise NotImplementedError


def predictions(*, worker: Worker, job_id: str, token: int, sha256: str, size: int, body: Any) -> None:
    """Take predictions.parquet. Raises `LeaseLost`, `TooLarge`."""
    raise NotImplementedError
