"""Who watches what. Watching an owner is public, as likes are; watching a repository is nobody else's business."""

from django.db.models import Q, QuerySet

from hub.accounts.models import Namespace, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, seen_by
from hub.community.models import Watch


def watches_of(viewer: Viewer) -> QuerySet[Watch]:
    """The viewer's own, newest first: owners, and repositories that they may see."""
    seen = Q(repo__isnull=True) | seen_by(viewer)
    found = Watch.objects.filter(user=viewer.user).filter(seen) if viewer.user else Watch.objects.none()
    return found.select_related("repo__owner", "owner").order_by("-since", "-pk")


def is_watching(viewer: Viewer, owner: Namespace) -> bool:
    return viewer.user is not None and Watch.objects.filter(user=viewer.user, owner=owner).exists()


def count_watchers(repo: Repo) -> int:
    """How many are told what happens to this repository, by a watch of its own; who they are is their business."""
    return Watch.objects.filter(repo=repo, user__is_active=True).count()


def watchers_of(owner: Namespace) -> QuerySet[Watch]:
    """Who watches this owner, with their users, newest first."""
    found = Watch.objects.filter(owner=owner, user__is_active=True)
    return found.select_related("user").order_by("-since", "-pk")


def owners_watched_by(user: User) -> QuerySet[Watch]:
    """The owners that somebody watches, newest first."""
    return Watch.objects.filter(user=user, owner__isnull=False).select_related("owner").order_by("-since", "-pk")
