"""The log of pulls, and what a changed rule would have made of it."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from hub.accounts.models import Role, User
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.models import Repo
from hub.catalog.selectors import Revision
from hub.core import clock
from hub.governance.models import PullRecord

DRY_RUN = dt.timedelta(days=30)
_MOST = 2_000


@dataclass(frozen=True)
class Tried:
    """A past pull on which the change decides otherwise."""

    by: str
    profile: str
    repo_name: str
    commit: str
    pulls: int
    is_stopped: bool


def pulls_for(
    viewer: Viewer, *, by: str = "", repo: str = "", outcome: str = "", rule: str = ""
) -> QuerySet[PullRecord]:
    """Newest first: all for administrators of the hub; for others those of repositories whose owner they administer,
    and their own."""
    found = PullRecord.objects.order_by("-at", "-pk")
    if not viewer.is_admin:
        names = [name for name, role in viewer.roles.items() if role == Role.ADMIN]
        repos = Repo.objects.visible_to(viewer).filter(owner__in=names).values("pk")
        own = found.filter(by=viewer.name) if viewer.name else found.none()
        found = (found.filter(repo_id__in=repos) | own).order_by("-at", "-pk")
    for field, value in (("by", by), ("repo_name__iexact", repo), ("outcome", outcome)):
        found = found.filter(**{field: value}) if value else found
    return found.filter(rules__icontains=f'"{rule}"') if rule else found


def recent_cases() -> list[tuple[Counter[str], PullRecord]]:
    """The pulls of the last 30 days, those alike together, the newest `_MOST`: (how many, one of them)."""
    rows = PullRecord.objects.filter(at__gt=clock.now() - DRY_RUN).order_by("-pk")[:_MOST]
    grouped: dict[tuple[object, ...], tuple[Counter[str], PullRecord]] = {}
    for row in rows:
        key = (row.by, row.repo_id, row.commit, row.asked, row.profile_id, row.purpose)
        grouped.setdefault(key, (Counter(), row))[0]["pulls"] += 1
    return list(grouped.values())


def replayed(row: PullRecord) -> tuple[Viewer, Revision] | None:
    """Who asked for what; None where the repository is gone."""
    repo = Repo.objects.select_related("owner").filter(pk=row.repo_id).first()
    if repo is None:
        return None
    user = User.objects.filter(username=row.by).first() if row.by else None
    is_pinned = row.asked == row.commit
    ref = None if is_pinned else f"refs/heads/{row.asked}"
    return (Viewer(user=user) if user else ANONYMOUS), Revision(repo, row.asked, row.commit, "", ref)
