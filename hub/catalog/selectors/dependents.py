"""What the end of a repository would mean for others."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, PullDay, Repo
from hub.core import clock
from hub.storage.selectors import bytes_of_its_own, used_bytes

DAYS = 30
_SHOWN = 10


@dataclass(frozen=True)
class Effects:
    """`own_bytes` are freed with the repository; the rest of `bytes` is held by others too. `dependents` (the first of
    `dependent_count`) name it in their cards; those that the viewer can't see are neither told nor counted."""

    bytes: int
    own_bytes: int
    dependents: tuple[Repo, ...]
    dependent_count: int
    pulls: int


def effects_of_deletion(viewer: Viewer, repo: Repo) -> Effects:
    """What deleting the repository would free, which others were made from it, and who pulled it these 30 days."""
    named = Ancestor.objects.filter(kind=repo.kind, key=repo.key).values("repo")
    others = Repo.objects.visible_to(viewer).filter(pk__in=named).exclude(pk=repo.pk).select_related("owner")
    since = (clock.now() - dt.timedelta(days=DAYS)).date()
    pulls = PullDay.objects.filter(repo=repo, day__gte=since).aggregate(count=Sum("count"))["count"] or 0
    return Effects(
        bytes=used_bytes(repo.scope_id),
        own_bytes=bytes_of_its_own(repo.scope_id),
        dependents=tuple(others.order_by("key")[:_SHOWN]),
        dependent_count=others.count(),
        pulls=pulls,
    )
