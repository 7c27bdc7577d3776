"""Which content a viewer may read, wherever it lies."""

from collections.abc import Iterable

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, ReviewState
from hub.storage.models import Holding

_BATCH = 500
# Who knows only the digest of what was stopped can't bring it into a repository of their own.
_STOPPED = (ReviewState.SUSPENDED, ReviewState.REVOKED, ReviewState.QUARANTINED)


def may_read_content(viewer: Viewer, sha256s: Iterable[str]) -> set[str]:
    """Which of these are committed in a repository whose files the viewer may pull, and whose review didn't stop it."""
    wanted, found = list(set(sha256s)), set[str]()
    repos = Repo.objects.pullable_by(viewer).exclude(review_state__in=_STOPPED)
    for start in range(0, len(wanted), _BATCH):
        holdings = Holding.objects.filter(
            blob__sha256__in=wanted[start : start + _BATCH],
            committed_at__isnull=False,
            scope__in=repos.values("scope"),
        )
        found |= set(holdings.values_list("blob__sha256", flat=True))
    return found
