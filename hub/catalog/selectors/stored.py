"""What repositories take on disk."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog.models import Commit, Ref, Repo
from hub.catalog.trees import files
from hub.storage.models import Holding
from hub.storage.selectors import used_bytes_by_scope


@dataclass(frozen=True)
class LargeFile:
    sha256: str
    path: str
    ref: str
    size: int
    kept_at: dt.datetime


def large_files(repo: Repo) -> list[LargeFile]:
    """The large files of all branches and tags, each content once, by the first path that has it."""
    found: dict[str, LargeFile] = {}
    rows = Holding.objects.filter(scope=repo.scope_id, committed_at__isnull=False)
    kept = dict(rows.values_list("blob__sha256", "committed_at"))
    for ref, tree in _trees(repo):
        for path, entry in files(tree):
            if entry.lfs and (at := kept.get(entry.lfs)):
                found.setdefault(entry.lfs, LargeFile(entry.lfs, path, ref, entry.size, at))
    return list(found.values())


def sizes_of(viewer: Viewer, owner: Namespace) -> list[tuple[Repo, int]]:
    """What the viewer may see of this owner's, each with the bytes that its commits name, the largest first."""
    repos = list(Repo.objects.visible_to(viewer).filter(owner=owner).select_related("owner").order_by("-updated_at"))
    used = used_bytes_by_scope(repo.scope_id for repo in repos)
    return sorted(((repo, used.get(repo.scope_id, 0)) for repo in repos), key=lambda pair: -pair[1])


def _trees(repo: Repo) -> Iterator[tuple[str, str]]:
    refs = list(Ref.objects.filter(repo=repo).order_by("name").values_list("name", "target"))
    trees = dict(Commit.objects.filter(repo=repo, oid__in=[oid for _, oid in refs]).values_list("oid", "tree"))
    return ((name, trees[oid]) for name, oid in refs)
