"""A worker takes a job, keeps it, and gives it back; the hub takes it from one that is no longer heard."""

from typing import Any

from hub.jobs.models import Worker
from workers import contract


def claim(*, worker: Worker, hint: str = "", free: int = 1) -> contract.Lease | None:
    """The next job for this worker, with a lease on it; None while there is none for it."""
    raise NotImplementedError


def renew(*, worker: Worker, job_id: str, token: int, progress: dict[str, Any] | None = None) -> contract.Renewal:
    """Keep the lease. Raises `LeaseLost`."""
    raise NotImplementedError


def release(*, worker: Worker, job_id: str, token: int, reason: str = "") -> str:
    """Give the job back unfinished; its state then. Raises `LeaseLost`."""
    raise NotImplementedError


def expire_leases() -> int:
    """Take back every job whose lease ended; how many."""
    raise NotImplementedError
