"""Whose job is next: priority first, then whoever has the least, then age."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, TextField, Window
from django.db.models.functions import Cast, Coalesce, Greatest, RowNumber

from hub.core import clock
from hub.jobs.models import Attempt, Job, Worker
from hub.jobs.selectors.budgets import spent
from hub.jobs.selectors.offers import room_of
from workers.contract import DeviceClass

_DAY = dt.timedelta(days=1)
# Of one account's jobs of a priority, the first few are looked at, then so many at a time, for one that the worker has
# the recipe for.
_FEW, _MORE = 8, 60


@dataclass
class _Group:
    """Jobs of one account and priority that wait, in their order."""

    priority: int
    owner: int
    oldest: int
    jobs: Iterator[int]


_Row = tuple[int, int, int, str, str]


def in_turn(worker: Worker, hint: str = "") -> Iterator[int]:
    """Ids of queued jobs that this worker could run, the one whose turn it is first.

    Between accounts of the same priority goes first who has the fewest jobs held by workers, then who took the fewest
    device seconds in these 24 hours. `hint` names a job that goes before the few of its account and priority that are
    looked at together. Each id comes as if those before it were held by now: who finds the first ones taken, by others
    that asked at the same moment, is still fair with what is left.
    """
    groups = _groups(worker, hint)
    owners = {group.owner for group in groups}
    # Of one account alone there is nothing to compare.
    held, used = (_held(owners), _used(owners)) if len(owners) > 1 else (defaultdict(int), defaultdict(float))
    while groups:
        turn = min(groups, key=lambda each: (-each.priority, held[each.owner], used[each.owner], each.oldest))
        if (pk := next(turn.jobs, None)) is None:
            groups.remove(turn)
            continue
        held[turn.owner] += 1
        yield pk


def _groups(worker: Worker, hint: str) -> list[_Group]:
    """All groups that wait, with the first few jobs of each: one query."""
    place = Window(RowNumber(), partition_by=[F("priority"), F("owner")], order_by="pk")
    waiting, names = fitting(worker), offered(worker)
    few = waiting.annotate(place=place).filter(place__lte=_FEW).order_by("priority", "owner", "pk")
    found = []
    for (priority, owner), jobs in groupby(_told(few), key=lambda row: row[:2]):
        first = list(jobs)
        able = (pk for look in _looks(first, waiting) for pk in _able(look, names, hint))
        found.append(_Group(priority, owner, first[0][2], able))
    return found


def _looks(first: list[_Row], waiting: QuerySet[Job]) -> Iterator[Iterable[_Row]]:
    """The first few of a group, then, as long as those were not all and somebody asks, some more."""
    yield first
    own = waiting.filter(priority=first[0][0], owner=first[0][1]).order_by("pk")
    last, more = first[-1][2], len(first) == _FEW
    while more:
        yield (rows := list(_told(own.filter(pk__gt=last)[:_MORE])))
        last, more = rows[-1][2] if rows else 0, len(rows) == _MORE


def _told(rows: QuerySet[Job]) -> Iterable[_Row]:
    """What is needed of each; specs stay text until somebody looks."""
    text = rows.annotate(text=Cast("spec", TextField()))
    return text.values_list("priority", "owner", "pk", "public_id", "text")


def _able(rows: Iterable[_Row], names: set[str], hint: str) -> Iterator[int]:
    """Of these, in their order but for the hint, what needs nothing that isn't there."""
    for _, _, pk, _, spec in sorted(rows, key=lambda row: (row[3] != hint, row[2])):
        if _needs(json.loads(spec)) <= names:
            yield pk


def fitting(worker: Worker) -> QuerySet[Job]:
    """Queued jobs whose time has come, of the classes, the memory and the devices that the worker has, and whose
    account has device time left."""
    if not worker.device_class:
        return Job.objects.none()
    classes = [each.value for each in DeviceClass(worker.device_class).takes()]
    is_due = Q(not_before=None) | Q(not_before__lte=clock.now())
    fits = {"device_class__in": classes, "memory_bytes__lte": room_of(worker), "devices__lte": worker.spread}
    waiting = Job.objects.queued().filter(is_due, **fits)
    for owner, device in spent(classes):
        waiting = waiting.exclude(owner=owner, device_class=device)
    return waiting


def offered(worker: Worker) -> set[str]:
    """Names of the recipes, suites and rankings that the worker has."""
    return {str(key).partition("/")[2].rpartition("@")[0] for key in worker.offers}


def _needs(spec: dict[str, Any]) -> set[str]:
    return {name for name in (spec.get("recipe", ""), *spec.get("suites", ())) if name}


def _held(owners: set[int]) -> dict[int, int]:
    rows = Job.objects.held().filter(owner__in=owners).values_list("owner").annotate(count=Count("pk"))
    return defaultdict(int, rows)


def _used(owners: set[int]) -> dict[int, float]:
    """Device seconds that attempts took in these 24 hours, by account."""
    now = clock.now()
    rows = Attempt.objects.filter(Q(ended_at=None) | Q(ended_at__gt=now - _DAY), job__owner__in=owners)
    took = Sum(Coalesce("ended_at", now) - Greatest("started_at", now - _DAY))
    used: dict[int, float] = defaultdict(float)
    for owner, devices, seconds in rows.values_list("job__owner", "job__devices").annotate(took=took):
        used[owner] += seconds.total_seconds() * devices
    return used
