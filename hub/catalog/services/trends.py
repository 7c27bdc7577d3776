"""How much repositories are pulled and liked these days."""

import datetime as dt
import math
from collections.abc import Mapping

from django.db.models import Sum

from hub.catalog.models import PullDay, Repo
from hub.catalog.services.events import changed
from hub.core import clock
from hub.core.transactions import write_transaction

HALF_LIFE = 7
# A pull of ten half-lives ago counts for a thousandth: that is where looking back ends.
HORIZON = 10 * HALF_LIFE
# A score is written anew once it is off by more than this share.
TOLERANCE = 0.01
_BATCH = 500


def score(recent: float, likes: int) -> float:
    """`recent` = Σ over days of pulls · 2^(-days ago / 7); times 1 + ln(1 + likes) / 4.

    Likes have no date here, so they weigh what recent pulls say (10 likes: 1.6 times, 1,000: 2.7 times) and are worth
    nothing without them: what nobody pulls any more doesn't trend, however much it was liked.
    """
    return recent * (1 + math.log1p(likes) / 4)


def refresh_trends() -> int:
    """Bring `Repo.trending` up to date where it is off; how many were."""
    today = clock.now().date()
    recent = _recent(today)
    before = Repo.objects.filter(trending__gt=0).values_list("pk", flat=True)
    pks, count = sorted({*before.iterator(), *recent}), 0
    for start in range(0, len(pks), _BATCH):
        count += _refresh(pks[start : start + _BATCH], recent)
    return count


def _refresh(pks: list[int], recent: Mapping[int, float]) -> int:
    """Likes may change meanwhile: the next run sees it."""
    rows = Repo.objects.filter(pk__in=pks).values_list("pk", "likes", "trending")
    fresh = {pk: (score(recent.get(pk, 0.0), likes), trending) for pk, likes, trending in rows}
    moved = [Repo(pk=pk, trending=now) for pk, (now, before) in fresh.items() if abs(now - before) > TOLERANCE * before]
    if moved:
        with write_transaction():
            Repo.objects.bulk_update(moved, ["trending"])
            changed(*(repo.pk for repo in moved))
    return len(moved)


def _recent(today: dt.date) -> dict[int, float]:
    """By repository, of all that were pulled since the horizon."""
    rows = PullDay.objects.filter(day__gt=today - dt.timedelta(days=HORIZON)).values_list("repo", "day")
    found: dict[int, float] = {}
    for repo, day, count in rows.annotate(sum=Sum("count")).iterator():
        found[repo] = found.get(repo, 0.0) + count * 2.0 ** (-max(0, (today - day).days) / HALF_LIFE)
    return found
