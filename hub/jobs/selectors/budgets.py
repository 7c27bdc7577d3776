"""What an account has used of its device time."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from hub.accounts.models import Namespace
from hub.core import clock
from hub.jobs.models import Attempt, Budget, Job
from workers.contract import DeviceClass

WINDOW = dt.timedelta(days=30)
DEVICES = tuple(DeviceClass)


@dataclass(frozen=True)
class BudgetAt:
    """Seconds on one device class in the last thirty days. `limit` is None where there is none."""

    device: DeviceClass
    used: float
    limit: int | None

    @property
    def left(self) -> float | None:
        return None if self.limit is None else max(0.0, self.limit - self.used)

    @property
    def is_spent(self) -> bool:
        return self.limit is not None and self.used >= self.limit


def budget_of(owner: Namespace, device: DeviceClass) -> BudgetAt:
    """What ended attempts took, and what running ones have taken so far. Three queries."""
    jobs = Job.objects.filter(owner=owner, device_class=device)
    recent = jobs.filter(Q(ended_at=None) | Q(ended_at__gt=clock.now() - WINDOW))
    used = recent.aggregate(total=Sum("device_seconds"))["total"] or 0.0
    used += sum(seconds for _, seconds in running(Attempt.objects.filter(job__in=jobs)))
    return BudgetAt(device, used, limit_of(owner, device))


def running(attempts: QuerySet[Attempt], *fields: str) -> Iterator[tuple[tuple[Any, ...], float]]:
    """Device seconds that each of the attempts which haven't ended took so far, after the values of these fields."""
    now = clock.now()
    for *key, started, devices in attempts.filter(ended_at=None).values_list(*fields, "started_at", "job__devices"):
        yield tuple(key), (now - started).total_seconds() * devices


def limit_of(owner: Namespace, device: DeviceClass) -> int | None:
    own = Budget.objects.filter(owner=owner, device_class=device).values_list("seconds", flat=True).first()
    return own if own is not None else settings.JOB_BUDGETS.get(device.value)


def spent(devices: Iterable[str]) -> set[tuple[int, str]]:
    """(account, device class) where the time is used up. One query where there are no limits, else three."""
    own = {(row.owner_id, row.device_class): row.seconds for row in Budget.objects.filter(device_class__in=devices)}
    general = {device: settings.JOB_BUDGETS[device] for device in devices if device in settings.JOB_BUDGETS}
    if not own and not general:
        return set()
    used = dict.fromkeys(own, 0.0) | _used(devices)
    limits = {key: own.get(key, general.get(key[1])) for key in used}
    return {key for key, limit in limits.items() if limit is not None and used[key] >= limit}


def _used(devices: Iterable[str]) -> dict[tuple[int, str], float]:
    """As `budget_of` counts, for all accounts."""
    jobs = Job.objects.filter(device_class__in=devices)
    recent = jobs.filter(Q(ended_at=None) | Q(ended_at__gt=clock.now() - WINDOW)).values_list("owner", "device_class")
    used = {(owner, device): total or 0.0 for owner, device, total in recent.annotate(total=Sum("device_seconds"))}
    for (owner, device), seconds in running(Attempt.objects.filter(job__in=jobs), "job__owner", "job__device_class"):
        used[owner, device] = used.get((owner, device), 0.0) + seconds
    return used
