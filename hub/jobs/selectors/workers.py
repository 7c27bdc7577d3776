"""Workers and what they hold, as their own door asks for it."""

from hub.accounts.selectors import token_digest
from hub.jobs.errors import BadWorkerToken, LeaseLost, NoSuchCheckpoint, NoSuchWorker
from hub.jobs.models import Checkpoint, Job, Worker


def worker_for_token(secret: str) -> Worker:
    """Raises `BadWorkerToken` for one that is unknown or withdrawn."""
    worker = Worker.objects.filter(sha256=token_digest(secret), revoked_at=None).first()
    if worker is None:
        raise BadWorkerToken
    return worker


def worker_named(name: str) -> Worker:
    """Raises `NoSuchWorker`."""
    worker = Worker.objects.filter(name=name).first()
    if worker is None:
        raise NoSuchWorker(f"There is no worker called {name!r}. They are listed by `headstart worker-token list`.")
    return worker


def all_workers() -> list[Worker]:
    """By name, those withdrawn too."""
    return list(Worker.objects.order_by("name"))


def checkpoint_of(worker: Worker, job_id: str, token: int, step: int) -> Checkpoint:
    """Raises `LeaseLost`, `NoSuchCheckpoint`."""
    job = Job.objects.fenced(token).filter(public_id=job_id, worker=worker).first()
    if job is None:
        raise LeaseLost
    found = job.checkpoints.filter(step=step).first()
    if found is None:
        raise NoSuchCheckpoint
    return found
