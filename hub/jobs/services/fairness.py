"""Whose job is next: priority first, then whoever has the least, then age."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from hub.core import clock
from hub.jobs.models import Attempt, Job, Worker
from workers.contract import DeviceClass

_DAY = dt.timedelta(days=1)
# Of one account's jobs, so many are looked at for one that the worker has the recipe for.
_LOOK = 50


def in_turn(worker: Worker, hint: str = "") -> Iterator[int]:
    """Ids of queued jobs that this worker could run, the one whose turn it is first.

    Between accounts of the same priority goes first who has the fewest jobs held by workers, then who took the fewest
    device seconds in these 24 hours. `hint` names a job that may go before others of its account and priority.
    """
    waiting = fitting(worker)
    groups = list(waiting.values_list("priority", "owner").annotate(oldest=Min("pk")))
    owners = {owner for _, owner, _ in groups}
    held, used = _held(owners), _used(owners)
    groups.sort(key=lambda each: (-each[0], held[each[1]], used[each[1]], each[2]))
    names = offered(worker)
    for priority, owner, _ in groups:
        own = waiting.filter(priority=priority, owner=owner).values_list("pk", "public_id", "spec").order_by("pk")
        able = [(public_id != hint, pk) for pk, public_id, spec in own[:_LOOK] if _needs(spec) <= names]
        yield from (pk for _, pk in sorted(able))


def fitting(worker: Worker) -> QuerySet[Job]:
    """Queued jobs whose time has come, of the classes and the memory that the worker has."""
    if not worker.device_class:
        return Job.objects.none()
    classes = [each.value for each in DeviceClass(worker.device_class).takes()]
    memory = worker.gpu_memory_bytes or worker.memory_bytes
    is_due = Q(not_before=None) | Q(not_before__lte=clock.now())
    return Job.objects.queued().filter(is_due, device_class__in=classes, memory_bytes__lte=memory)


def offered(worker: Worker) -> set[str]:
    """Names of the recipes, suites and rankings that the worker has."""
    return {str(key).partition("/")[2].rpartition("@")[0] for key in worker.offers}


def _needs(spec: dict[str, Any]) -> set[str]:
    return {name for name in (spec.get("recipe", ""), *spec.get("suites", ())) if name}


def _held(owners: set[int]) -> dict[int, int]:
    rows = Job.objects.held().filter(owner__in=owners).values_list("owner").annotate(count=Count("pk"))
    return defaultdict(int, rows)


def _used(owners: set[int]) -> dict[int, float]:
    """Seconds that attempts took in these 24 hours, by account."""
    now = clock.now()
    rows = Attempt.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now - _DAY), job__owner__in=owners)
    used: dict[int, float] = defaultdict(float)
    for owner, started, ended in rows.values_list("job__owner", "started_at", "ended_at"):
        used[owner] += ((ended or now) - max(started, now - _DAY)).total_seconds()
    return used
