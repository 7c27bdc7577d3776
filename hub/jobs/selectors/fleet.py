"""The workers, for the page that lists them."""

from collections import defaultdict
from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.core.text import storable
from hub.jobs.errors import NoSuchWorker
from hub.jobs.models import Job, Worker


@dataclass(frozen=True)
class Seat:
    """A worker and what it runs: the jobs that the viewer may see, and how many others."""

    worker: Worker
    jobs: tuple[Job, ...]
    others: int


def fleet(viewer: Viewer) -> list[Seat]:
    """Every worker that isn't withdrawn, by name. Two queries, or three for who isn't an administrator."""
    running: dict[int, list[Job]] = defaultdict(list)
    for job in Job.objects.held().exclude(worker=None).order_by("pk"):
        running[job.worker_id or 0].append(job)
    held = [job.pk for jobs in running.values() for job in jobs]
    seen = set(Job.objects.visible_to(viewer).filter(pk__in=held).values_list("pk", flat=True)) if held else set()
    workers = Worker.objects.filter(revoked_at=None).order_by("name")
    return [_seat(worker, running.get(worker.pk, []), seen) for worker in workers]


def find_worker(public_id: str) -> Worker:
    """One that isn't withdrawn. Raises NoSuchWorker."""
    found = Worker.objects.filter(public_id=storable(public_id), revoked_at=None).first()
    if found is None:
        raise NoSuchWorker
    return found


def _seat(worker: Worker, jobs: list[Job], seen: set[int]) -> Seat:
    known = tuple(job for job in jobs if job.pk in seen)
    return Seat(worker, known, len(jobs) - len(known))
