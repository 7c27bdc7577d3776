"""What differs between two states of a repository."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from hub.accounts.viewer import Viewer
from hub.catalog.models import GitObject, Repo
from hub.catalog.permissions import check_read_content
from hub.catalog.selectors.history import list_commits
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import EMPTY_TREE, Entry, load_trees
from hub.storage.services import read_range


@dataclass(frozen=True)
class Change:
    """A file that differs: `old` and `new` are what stands at its path before and after, None where nothing does."""

    path: str
    old: Entry | None
    new: Entry | None

    @property
    def sort(self) -> Literal["added", "changed", "removed"]:
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    @property
    def size(self) -> int:
        """That of the content now, of a removed file as it was."""
        return (self.new or self.old or Entry("")).size


def parent_of(revision: Revision) -> Revision | None:
    """The state that the revision's commit was made from; None for the first."""
    commits = list_commits(revision, limit=2)
    if len(commits) < 2:
        return None
    return Revision(revision.repo, commits[1].oid, commits[1].oid, commits[1].tree)


def changes_between(old: Revision | None, new: Revision) -> tuple[Change, ...]:
    """The files that differ, by path; all that there are where there is nothing before."""
    found = _differences(old.tree if old else EMPTY_TREE, new.tree, "")
    return tuple(sorted(found, key=lambda change: change.path))


def contents_of(viewer: Viewer, repo: Repo, entries: Iterable[Entry], most: int) -> dict[str, bytes]:
    """The bytes of those files of the repository that have at most `most`, by git id; one query for small files.

    Raises `GatedRepo` and `RepoDisabled` where the viewer may list files but not read them.
    """
    check_read_content(viewer, repo)
    wanted = {entry.oid: entry for entry in entries if entry.size <= most and not entry.is_tree}
    small = [oid for oid, entry in wanted.items() if not (entry.lfs or entry.stored)]
    found = {
        oid: bytes(data or b"") for oid, data in GitObject.objects.filter(oid__in=small).values_list("oid", "data")
    }
    for oid, entry in wanted.items():
        if sha256 := entry.lfs or entry.stored:
            found[oid] = read_range(sha256=sha256, start=0, length=entry.size)
    return found


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
        was_file, now_file = (entry if entry and not entry.is_tree else None for entry in (was, now))
        if was_file or now_file:
            yield Change(path, was_file, now_file)
