"""Which content a viewer may read, wherever it lies."""

from collections.abc import Iterable

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.storage.models import Holding

_BATCH = 500


def may_read_content(viewer: Viewer, sha256s: Iterable[str]) -> set[str]:
    """Which of these are committed in a repository whose files the viewer may pull."""
    wanted, found = list(set(sha256s)), set[str]()
    repos = Repo.objects.pullable_by(viewer)
    for start in range(0, len(wanted), _BATCH):
        holdings = Holding.objects.filter(
            blob__sha256__in=wanted[start : start + _BATCH],
            committed_at__isnull=False,
            scope__in=repos.values("scope"),
        )
        found |= set(holdings.values_list("blob__sha256", flat=True))
    return found
