"""What an account's device time of thirty days went to, by device class and by person."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q, Sum

from hub.accounts.models import Namespace
from hub.core import clock
from hub.jobs.models import Attempt, Budget, Job
from hub.jobs.selectors.budgets import DEVICES, WINDOW, BudgetAt, running
from workers.contract import DeviceClass


@dataclass(frozen=True)
class Spender:
    """Somebody's jobs on one device class."""

    name: str
    jobs: int
    seconds: float


@dataclass(frozen=True)
class Spending:
    """`set_by` and `set_at` are of a budget of the account's own. `renews_at`: when the first of the time that ended
    jobs took counts no more."""

    budget: BudgetAt
    spenders: tuple[Spender, ...]
    set_by: str
    set_at: dt.datetime | None
    renews_at: dt.datetime | None


def spending_of(owner: Namespace) -> tuple[Spending, ...]:
    """One for each device class. Four queries."""
    own = {row.device_class: row for row in Budget.objects.filter(owner=owner)}
    spenders, ends = _spenders(owner), _first_ends(owner)
    return tuple(_spending(each, own.get(each.value), spenders[each.value], ends.get(each.value)) for each in DEVICES)


def _spending(device: DeviceClass, own: Budget | None, by: list[Spender], first_end: dt.datetime | None) -> Spending:
    limit = own.seconds if own else settings.JOB_BUDGETS.get(device.value)
    return Spending(
        budget=BudgetAt(device, sum(each.seconds for each in by), limit),
        spenders=tuple(sorted(by, key=lambda each: (-each.seconds, each.name))),
        set_by=own.set_by if own else "",
        set_at=own.set_at if own else None,
        renews_at=first_end + WINDOW if first_end else None,
    )


def _spenders(owner: Namespace) -> dict[str, list[Spender]]:
    recent = Job.objects.filter(Q(ended_at=None) | Q(ended_at__gt=clock.now() - WINDOW), owner=owner)
    grouped = recent.order_by().values_list("device_class", "ordered_by__username")
    held = _running(owner)
    found: dict[str, list[Spender]] = defaultdict(list)
    for device, name, seconds, jobs in grouped.annotate(Sum("device_seconds"), Count("id")):
        taken = seconds + held[device, name]
        if taken:
            found[device].append(Spender(name, jobs, taken))
    return found


def _running(owner: Namespace) -> dict[tuple[str, str], float]:
    """What attempts that haven't ended have taken so far."""
    taken: dict[tuple[str, str], float] = defaultdict(float)
    attempts = Attempt.objects.filter(job__owner=owner)
    for (device, name), seconds in running(attempts, "job__device_class", "job__ordered_by__username"):
        taken[device, name] += seconds
    return taken


def _first_ends(owner: Namespace) -> dict[str, dt.datetime]:
    ended = Job.objects.filter(owner=owner, ended_at__gt=clock.now() - WINDOW, device_seconds__gt=0)
    return dict(ended.order_by().values_list("device_class").annotate(Min("ended_at")))
