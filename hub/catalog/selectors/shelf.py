"""What pages alone ask: names behind references, the files a commit changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import F

from hub.accounts.viewer import Viewer
from hub.catalog.models import Commit, Repo, RepoQuerySet
from hub.catalog.trees import EMPTY_TREE, Entry, load_trees
from hub.core.text import storable


@dataclass(frozen=True)
class Change:
    """A file that a commit touched."""

    path: str
    sort: Literal["added", "changed", "removed"]
    size: int


def names_of(viewer: Viewer, public_ids: Iterable[str]) -> dict[str, str]:
    """`owner/name` (data sets: `datasets/owner/name`) by public id, of those that the viewer may see."""
    wanted = set(public_ids)
    if not wanted:
        return {}
    repos = Repo.objects.visible_to(viewer).filter(public_id__in=wanted).select_related("owner")
    return {repo.public_id: ("datasets/" if repo.kind == "dataset" else "") + repo.full_name for repo in repos}


def names_here(viewer: Viewer, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Full names by (kind, name in lower case), of those that are on this hub and that the viewer may see."""
    wanted = {(kind, name.lower()) for kind, name in names}
    if not wanted:
        return {}
    repos = Repo.objects.visible_to(viewer).filter(key__in={key for _, key in wanted}).select_related("owner")
    return {(repo.kind, repo.key): repo.full_name for repo in repos if (repo.kind, repo.key) in wanted}


def repos_called(repos: RepoQuerySet, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Repo]:
    """Those of `repos` that have these (kind, name in lower case), or had them before, with their owners."""
    wanted = {(kind, storable(key)) for kind, key in names if "/" in key}
    if not wanted:
        return {}
    kinds, keys = {kind for kind, _ in wanted}, {key for _, key in wanted}
    now = repos.filter(kind__in=kinds, key__in=keys).select_related("owner")
    found = {(repo.kind, repo.key): repo for repo in now}
    former = repos.filter(redirects__kind__in=kinds, redirects__key__in=keys).annotate(former=F("redirects__key"))
    found = {(repo.kind, repo.former): repo for repo in former.select_related("owner")} | found
    return {name: repo for name, repo in found.items() if name in wanted}


def changes_of(repo: Repo, oid: str) -> tuple[Change, ...]:
    """The files that this commit of the repository added, changed or removed, by path."""
    commit = Commit.objects.get(repo=repo, oid=oid)
    before = Commit.objects.filter(repo=repo, oid=commit.parent).first() if commit.parent else None
    changes = _differences(before.tree if before else EMPTY_TREE, commit.tree, "")
    return tuple(sorted(changes, key=lambda change: change.path))


def _differences(old: str, new: str, prefix: str) -> Iterator[Change]:
    """Walk two trees side by side, into those folders alone whose ids differ."""
    trees = load_trees([old, new])
    before, after = trees[old], trees[new]
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        path = prefix + name
        folders = [entry.oid if entry and entry.is_tree else EMPTY_TREE for entry in (was, now)]
        if folders[0] != folders[1]:
            yield from _differences(folders[0], folders[1], path + "/")
        yield from _file_change(path, was, now)


def _file_change(path: str, was: Entry | None, now: Entry | None) -> Iterator[Change]:
    old, new = (entry if entry and not entry.is_tree else None for entry in (was, now))
    if old and new:
        yield Change(path, "changed", new.size)
    elif new:
        yield Change(path, "added", new.size)
    elif old:
        yield Change(path, "removed", old.size)
