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


def score(pulls: Mapping[int, int], likes: int) -> float:
    """`pulls` by days ago: Σ pulls · 2^(-days / 7), times 1 + ln(1 + likes) / 4.

    Likes have no date here, so they weigh what recent pulls say (10 likes: 1.6 times, 1,000: 2.7 times) and are worth
    nothing without them: what nobody pulls any more doesn't trend, however much it was liked.
    """
    recent = sum(count * 2.0 ** (-max(0, ago) / HALF_LIFE) for ago, count in pulls.items())
    return recent * (1 + math.log1p(likes) / 4) if recent >= 1 / 1024 else 0.0


def refresh_trends() -> int:
    """Bring `Repo.trending` up to date where it is off; how many were."""
    today = clock.now().date()
    pulls = _pulls(today)
    before = Repo.objects.filter(trending__gt=0).values_list("pk", flat=True)
    pks, count = sorted({*before.iterator(), *pulls}), 0
    for start in range(0, len(pks), _BATCH):
        count += _refresh(pks[start : start + _BATCH], pulls)
    return count


def _refresh(pks: list[int], pulls: Mapping[int, Mapping[int, int]]) -> int:
    """Likes may change meanwhile: the next run sees it."""
    rows = Repo.objects.filter(pk__in=pks).values_list("pk", "likes", "trending")
    fresh = {pk: (score(pulls.get(pk, {}), likes), trending) for pk, likes, trending in rows}
    moved = [Repo(pk=pk, trending=now) for pk, (now, before) in fresh.items() if abs(now - before) > TOLERANCE * before]
    if moved:
        with write_transaction():
            Repo.objects.bulk_update(moved, ["trending"])
            changed(*(repo.pk for repo in moved))
    return len(moved)


def _pulls(today: dt.date) -> dict[int, dict[int, int]]:
    """By repository and days ago."""
    rows = PullDay.objects.filter(day__gt=today - dt.timedelta(days=HORIZON)).values_list("repo", "day")
    found: dict[int, dict[int, int]] = {}
    for repo, day, count in rows.annotate(sum=Sum("count")).iterator():
        found.setdefault(repo, {})[(today - day).days] = count
    return found
