"""Find a repository by name."""

from hub.accounts.viewer import Viewer
from hub.catalog.errors import RepoMoved, RepoNotFound
from hub.catalog.models import Repo, RepoRedirect, key_of
from hub.catalog.permissions import may_read


def find_repo(viewer: Viewer, kind: str, owner: str, name: str) -> Repo:
    """The repository of that name, in any case, with its owner and card.

    Raises `RepoMoved` (`detail["to"]`) for a name that it had before, and `RepoNotFound` for what isn't there or may
    not be seen.
    """
    repo = Repo.objects.named(kind, owner, name).select_related("owner", "card", "scope").first()
    if repo and may_read(viewer, repo):
        return repo
    raise missing(viewer, kind, owner, name)


def find_repo_again(viewer: Viewer, *, public_id: str = "", scope_key: str = "") -> Repo:
    """The repository of that id, or of that space of bytes, whatever it is called now; `RepoNotFound`."""
    wanted = {"public_id": public_id} if public_id else {"scope__key": scope_key}
    repo = Repo.objects.filter(**wanted).select_related("owner", "scope").first()
    if repo and may_read(viewer, repo):
        return repo
    raise RepoNotFound


def missing(viewer: Viewer, kind: str, owner: str, name: str) -> RepoNotFound | RepoMoved:
    """What to raise where no repository that the viewer may see has that name."""
    redirects = RepoRedirect.objects.filter(kind=kind, key=key_of(owner, name))
    redirect = redirects.select_related("repo__owner").first()
    if redirect and may_read(viewer, redirect.repo):
        to = redirect.repo.full_name
        return RepoMoved(f"{owner}/{name} is called {to} now.", to=to)
    return RepoNotFound()
