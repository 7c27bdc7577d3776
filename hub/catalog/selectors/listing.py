"""Lists of files and folders, a page at a time."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.catalog import git
from hub.catalog.selectors.files import not_there
from hub.catalog.selectors.history import CommitInfo, last_commits
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import Entry, entries_at, entry_at, load_tree, walk


@dataclass(frozen=True)
class Lfs:
    """Large content: its sha256 and size, and the size of the pointer that stands for it in git."""

    sha256: str
    size: int
    pointer_size: int


@dataclass(frozen=True)
class TreeEntry:
    """`type` is "file" or "directory"; `size` that of the content, 0 for a folder; `oid` the git id."""

    type: str
    path: str
    size: int
    oid: str
    lfs: Lfs | None = None
    last_commit: CommitInfo | None = None


@dataclass(frozen=True)
class TreePage:
    """`next` is the cursor of the page after this one, None on the last."""

    entries: tuple[TreeEntry, ...]
    next: str | None


def list_tree(
    revision: Revision,
    path: str = "",
    recursive: bool = False,
    expand: bool = False,
    after: str | None = None,
    limit: int = 1000,
) -> TreePage:
    """Files and folders below `path`, in git's order; of a file, itself. With `expand` each has its last commit.

    Raises `EntryNotFound` when there is nothing at `path`.
    """
    path = path.strip("/")
    top = entry_at(revision.tree, path)
    if top is None:
        raise not_there(revision, path)
    found = _found(path, top, recursive)
    keys = [git.tree_order(where, entry.is_tree) for where, entry in found]
    start = bisect_right(keys, after.encode("utf-8", "replace")) if after else 0
    page = [tree_entry(where, entry) for where, entry in found[start : start + limit]]
    more = start + limit < len(found)
    last = page[-1].path + ("/" if page[-1].type == "directory" else "") if page and more else None
    return TreePage(tuple(_expanded(revision, page) if expand else page), last)


def paths_info(revision: Revision, paths: Iterable[str], expand: bool = False) -> list[TreeEntry]:
    """What stands at these paths, in their order; those where nothing does are left out."""
    wanted = list(dict.fromkeys(path.strip("/") for path in paths))
    found = entries_at(revision.tree, wanted)
    entries = [tree_entry(path, found[path]) for path in wanted if path in found]
    return _expanded(revision, entries) if expand else entries


def tree_entry(path: str, entry: Entry) -> TreeEntry:
    if entry.is_tree:
        return TreeEntry("directory", path, 0, entry.oid)
    return TreeEntry("file", path, entry.size, entry.oid, lfs_of(entry))


def lfs_of(entry: Entry) -> Lfs | None:
    if entry.lfs is None:
        return None
    return Lfs(entry.lfs, entry.size, len(git.pointer_text(entry.lfs, entry.size)))


def _found(path: str, top: Entry, recursive: bool) -> list[tuple[str, Entry]]:
    if not top.is_tree:
        return [(path, top)]
    if recursive:
        return walk(top.oid, path)
    return [(f"{path}/{name}" if path else name, entry) for name, entry in load_tree(top.oid).items()]


def _expanded(revision: Revision, entries: list[TreeEntry]) -> list[TreeEntry]:
    last = last_commits(revision, [entry.path for entry in entries])
    return [replace(entry, last_commit=last.get(entry.path)) for entry in entries]
