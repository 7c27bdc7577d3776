"""Find a repository by name."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

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


def find_repos(viewer: Viewer, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Repo]:
    """Of these kinds and full names, the repositories that the viewer may see, by what was asked for. One query."""
    keys = {(kind, name): (kind, key_of(*name.split("/", 1))) for kind, name in names if "/" in name}
    if not keys:
        return {}
    wanted = reduce(or_, (Q(kind=kind, key=key) for kind, key in set(keys.values())))
    seen = {(repo.kind, repo.key): repo for repo in Repo.objects.filter(wanted) if may_read(viewer, repo)}
    return {asked: seen[key] for asked, key in keys.items() if key in seen}


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
