"""Watch a repository or an owner. Nothing of this is recorded: what somebody reads is nobody's business."""

from hub.accounts.models import Namespace, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.community.errors import TooMany
from hub.community.models import Watch
from hub.community.permissions import check_person_at, check_unlimited
from hub.core.transactions import write_transaction

MAX_WATCHES = 1000


def watch_repo(*, by: Viewer, repo: Repo) -> None:
    """Watching again changes nothing. Raises `RepoNotFound`, `NotSignedIn`, `NotAllowed`, `TooMany`."""
    user = check_person_at(by, repo, "watch")
    _check_room(user)
    with write_transaction():
        Watch.objects.get_or_create(user=user, repo=repo)


def unwatch_repo(*, by: Viewer, repo: Repo) -> None:
    user = check_person_at(by, repo, "stop watching")
    with write_transaction():
        Watch.objects.filter(user=user, repo=repo).delete()


def watch_owner(*, by: Viewer, owner: Namespace) -> None:
    """All that this user or organisation has and the watcher may see. Raises as `watch_repo` does."""
    user = check_unlimited(by, f"watch {owner.name}")
    _check_room(user)
    with write_transaction():
        Watch.objects.get_or_create(user=user, owner=owner)


def unwatch_owner(*, by: Viewer, owner: Namespace) -> None:
    user = check_unlimited(by, f"stop watching {owner.name}")
    with write_transaction():
        Watch.objects.filter(user=user, owner=owner).delete()


def _check_room(user: User) -> None:
    if Watch.objects.filter(user=user).count() >= MAX_WATCHES:
        raise TooMany(f"You watch {MAX_WATCHES} things already. Stop watching one, or watch an owner instead.")
