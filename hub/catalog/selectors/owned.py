"""What an owner has, and what changed last: plain lists, without a search."""

from django.db.models import Count

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, RepoKind


def count_repos(viewer: Viewer, owner: Namespace) -> dict[str, int]:
    """How many repositories of each kind the viewer may see of this owner's."""
    rows = Repo.objects.visible_to(viewer).filter(owner=owner).values_list("kind").annotate(count=Count("pk"))
    return dict.fromkeys(RepoKind.values, 0) | dict(rows.order_by())


def last_updated(viewer: Viewer, *, kind: str = "", owner: Namespace | None = None, limit: int = 50) -> list[Repo]:
    """The repositories that changed last, of those that the viewer may see, with owner and card."""
    found = Repo.objects.visible_to(viewer)
    if kind:
        found = found.filter(kind=kind)
    if owner:
        found = found.filter(owner=owner)
    return list(found.select_related("owner", "card").order_by("-updated_at", "-pk")[:limit])
