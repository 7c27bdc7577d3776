"""Like a repository, once each."""

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import Repo
from hub.catalog.services import add_likes
from hub.catalog.services.records import subject_of
from hub.community.models import Like
from hub.community.permissions import check_person_at
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction


def like(*, by: Viewer, repo: Repo) -> None:
    """Liking again changes nothing. Raises `RepoNotFound`, `NotSignedIn`, `NotAllowed`."""
    user = check_person_at(by, repo, "like")
    with write_transaction():
        _, is_new = Like.objects.get_or_create(user=user, repo=repo)
        if is_new:
            add_likes(repo, 1)
            record(by=by.name, action="repo.like", subject=subject_of(repo))
            enqueue("community.repo_liked", repo=repo.pk, by=by.name)


def unlike(*, by: Viewer, repo: Repo) -> None:
    """Unliking what one doesn't like changes nothing. Raises as `like` does."""
    user = check_person_at(by, repo, "unlike")
    with write_transaction():
        deleted, _ = Like.objects.filter(user=user, repo=repo).delete()
        if deleted:
            add_likes(repo, -1)
            record(by=by.name, action="repo.unlike", subject=subject_of(repo))
