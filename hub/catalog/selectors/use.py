"""How often a repository was pulled, and, for those who run it, by whom."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Sum

from hub.accounts.models import Role
from hub.accounts.viewer import Viewer
from hub.catalog.models import PullDay, Repo
from hub.core import clock

DAYS = 90
MAX_PULLERS = 50


@dataclass(frozen=True)
class Puller:
    """`name` is empty for all who were not signed in, together."""

    name: str
    count: int
    last: dt.date


@dataclass(frozen=True)
class Use:
    """`days`: each of the last `DAYS` (UTC) to today with its pulls, zeros too. `recent` is their sum, `total` all that
    were ever counted. `pullers` is None for a viewer who may not know; most pulls first, `more_pullers` left out."""

    days: tuple[tuple[dt.date, int], ...]
    recent: int
    total: int
    last: dt.date | None
    pullers: tuple[Puller, ...] | None
    more_pullers: int


def use_of(viewer: Viewer, repo: Repo) -> Use:
    today = clock.now().date()
    first = today - dt.timedelta(days=DAYS - 1)
    rows = PullDay.objects.filter(repo=repo)
    counts = dict(rows.filter(day__gte=first).values_list("day").annotate(sum=Sum("count")))
    dates = [first + dt.timedelta(days=number) for number in range(DAYS)]
    days = tuple((day, counts.get(day, 0)) for day in dates)
    last = max(counts) if counts else rows.aggregate(last=Max("day"))["last"]
    pullers = _pullers(repo, first) if may_see_pullers(viewer, repo) else None
    shown = None if pullers is None else pullers[:MAX_PULLERS]
    return Use(days, sum(counts.values()), repo.downloads, last, shown, max(0, len(pullers or ()) - MAX_PULLERS))


def may_see_pullers(viewer: Viewer, repo: Repo) -> bool:
    """Admins of its owner, and of the hub."""
    return repo.role_of(viewer) == Role.ADMIN


def _pullers(repo: Repo, first: dt.date) -> tuple[Puller, ...]:
    rows = PullDay.objects.filter(repo=repo, day__gte=first).values_list("by")
    named = rows.annotate(sum=Sum("count"), last=Max("day")).order_by("-sum", "by")
    return tuple(Puller(*row) for row in named)
