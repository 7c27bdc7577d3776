"""Who likes what. Likes are public; a repository that the viewer may not see isn't told with them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, seen_by
from hub.catalog.permissions import check_read
from hub.community.models import Like, Watch


@dataclass(frozen=True)
class Stance:
    """How the viewer stands to a repository."""

    is_liked: bool = False
    is_watched: bool = False


def stance(viewer: Viewer, repo: Repo) -> Stance:
    """One query for somebody signed in, none for others."""
    if viewer.user is None:
        return Stance()
    likes, watches = (model.objects.filter(user=viewer.user, repo=OuterRef("pk")) for model in (Like, Watch))
    rows = Repo.objects.filter(pk=repo.pk).annotate(is_liked=Exists(likes), is_watched=Exists(watches))
    return Stance(*(rows.values_list("is_liked", "is_watched").first() or ()))


def likers_of(viewer: Viewer, repo: Repo) -> QuerySet[Like]:
    """The likes of a repository with their users, newest first; `RepoNotFound` where it may not be seen."""
    check_read(viewer, repo)
    return Like.objects.filter(repo=repo, user__is_active=True).select_related("user").order_by("-liked_at", "-pk")


def likes_of(viewer: Viewer, user: User) -> QuerySet[Like]:
    """What the user likes of what the viewer may see, with owner and card, newest first."""
    found = Like.objects.filter(seen_by(viewer), user=user)
    return found.select_related("repo__owner", "repo__card").order_by("-liked_at", "-pk")
