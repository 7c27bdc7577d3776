"""Door-bells: messages to workers that there is work. One that is lost costs time, never a job."""

import datetime as dt

from django.conf import settings
from django.db.models import Q

from hub.celery import app
from hub.core import clock
from hub.core.transactions import write_transaction
from hub.jobs.models import Job, Worker
from workers.contract import TASK, DeviceClass

_AT_ONCE = 100


def ring(job_id: str) -> bool:
    """Ring for a queued job, at the workers of its device class; whether it still waits."""
    job = Job.objects.queued().filter(public_id=job_id).first()
    if job is None:
        return False
    with write_transaction():
        Job.objects.queued().filter(pk=job.pk).update(rung_at=clock.now())
    # Who comes late to a bell finds nothing: workers look by themselves too, so old ones are of no use.
    queue = DeviceClass(job.device_class).queue
    app.send_task(TASK, kwargs={"job": job_id}, queue=queue, expires=4 * settings.JOB_RING_SECONDS)
    return True


def ring_again() -> int:
    """Ring for jobs that have waited since the last bell, where a worker is heard that could take them; how many."""
    now = clock.now()
    since = now - dt.timedelta(seconds=settings.JOB_RING_SECONDS)
    waiting = Job.objects.queued().filter(Q(rung_at=None) | Q(rung_at__lte=since))
    waiting = waiting.filter(Q(not_before=None) | Q(not_before__lte=now), device_class__in=_awake(now))
    ids = waiting.order_by("-priority", "pk").values_list("public_id", flat=True)[:_AT_ONCE]
    return sum(ring(job_id) for job_id in list(ids))


def _awake(now: dt.datetime) -> set[str]:
    """Device classes whose jobs some worker, heard of late, takes."""
    since = now - dt.timedelta(seconds=max(3 * settings.JOB_LOOK_SECONDS, settings.JOB_LEASE_SECONDS))
    awake = Worker.objects.filter(heard_at__gt=since, revoked_at=None, is_draining=False).exclude(device_class="")
    return {
        taken.value
        for name in awake.values_list("device_class", flat=True).distinct()
        for taken in DeviceClass(name).takes()
    }
