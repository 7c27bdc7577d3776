"""Where a job would stand in the queue, and which workers could take it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from hub.jobs.models import Job
from hub.jobs.selectors.offers import WorkerAt, workers_at
from workers.contract import DeviceClass


@dataclass(frozen=True)
class Place:
    """`ahead`: jobs that are claimed before it, as the queue stands; `running` on devices that it could have."""

    ahead: int
    running: int
    slots: int


def workers_that_fit(device: DeviceClass, memory: int, offers: Sequence[str] = ()) -> list[WorkerAt]:
    """Workers that take jobs of the class, hold so many bytes and offer all of these (`Offer.key`)."""
    return [
        each for each in workers_at() if each.takes(device) and each.memory >= memory and set(offers) <= each.offers
    ]


def place_for(device: DeviceClass, priority: int, workers: Sequence[WorkerAt]) -> Place:
    """For a job that would be ordered now. Fairness between accounts may change it."""
    classes = {each for worker in workers for each in worker.device.takes()} or {device}
    waiting = Job.objects.queued().filter(device_class__in=classes, priority__gte=priority)
    return _place(waiting.count(), device, workers)


def place_of(job: Job) -> Place:
    """Of a queued job."""
    device = DeviceClass(job.device_class)
    before = Q(priority__gt=job.priority) | Q(priority=job.priority, ordered_at__lt=job.ordered_at)
    waiting = Job.objects.queued().filter(before, device_class=device)
    fits = [each for each in workers_that_fit(device, job.memory_bytes) if each.spread >= job.devices]
    return _place(waiting.count(), device, fits)


def _place(ahead: int, device: DeviceClass, workers: Sequence[WorkerAt]) -> Place:
    running = Job.objects.held().filter(device_class=device).count()
    return Place(ahead, running, sum(each.slots for each in workers if each.is_awake))
