"""Find a file: the way of every pull, so it asks the database as little as it can."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hub.accounts.viewer import Viewer
from hub.catalog.errors import EntryNotFound
from hub.catalog.models import GitObject, Repo
from hub.catalog.permissions import check_read, check_read_content, may_read
from hub.catalog.selectors.lookup import look_up
from hub.catalog.selectors.repos import find_repo, missing
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.trees import entries_at, entry_at, files


@dataclass(frozen=True)
class FileAt:
    """A file at a commit. `sha256` names its bytes in storage; None: they are in `data`, read when it is asked for.

    `size` is that of the content, `oid` the git id (of the pointer, for a large file).
    """

    repo: Repo
    commit: str
    path: str
    size: int
    oid: str
    sha256: str | None
    is_lfs: bool
    xet_hash: str | None = None

    @cached_property
    def data(self) -> bytes | None:
        if self.sha256 is not None:
            return None
        return bytes(GitObject.objects.values_list("data", flat=True).get(oid=self.oid) or b"")


def find_file(viewer: Viewer, kind: str, owner: str, name: str, revision: str, path: str) -> FileAt:
    """The file that a pull asks for.

    One query for the repository and the commit, one for each level of folders that this process hasn't seen, and one
    for the viewer's memberships where the repository isn't public. Raises `RepoNotFound`, `RepoMoved`, `GatedRepo`,
    `RepoDisabled`, `RevisionNotFound`, and `EntryNotFound` with `detail["commit"]`.
    """
    at = find_revision(viewer, kind, owner, name, revision)
    check_read_content(viewer, at.repo)
    return file_in(at, path)


def file_at(viewer: Viewer, at: Revision, path: str) -> FileAt:
    """As `find_file`, where the repository and the commit are known already: no query for them."""
    check_read_content(viewer, at.repo)
    return file_in(at, path)


def sizes_at(viewer: Viewer, at: Revision) -> list[tuple[str, int]]:
    """All files of the commit as (path, size); one query for each level of folders that this process hasn't seen."""
    check_read(viewer, at.repo)
    return [(path, entry.size) for path, entry in files(at.tree)]


def file_in(at: Revision, path: str) -> FileAt:
    """The file of that path; whoever calls has checked that it may be read."""
    entry = entry_at(at.tree, path)
    if entry is None or entry.is_tree:
        raise not_there(at, path)
    return FileAt(
        repo=at.repo,
        commit=at.commit,
        path=path,
        size=entry.size,
        oid=entry.oid,
        sha256=entry.lfs or entry.stored,
        is_lfs=entry.lfs is not None,
    )


def current_files(repo: Repo, revision: Revision | str, paths: Iterable[str]) -> dict[str, str]:
    """What a client compares with before it pushes: git id by path, for large files the sha256 of the content."""
    at = revision if isinstance(revision, Revision) else revision_of(repo, revision)
    found = entries_at(at.tree, paths)
    return {path: entry.lfs or entry.oid for path, entry in found.items() if not entry.is_tree}


def not_there(at: Revision, path: str) -> EntryNotFound:
    return EntryNotFound(
        f"{path} does not exist on {at.name!r} of {at.repo.full_name} (commit {at.commit[:8]}).",
        commit=at.commit,
        path=path,
    )


def find_revision(viewer: Viewer, kind: str, owner: str, name: str, revision: str) -> Revision:
    """Repository and commit in one query; raises `RepoNotFound`, `RepoMoved`, `RevisionNotFound`."""
    found = look_up(kind, owner, name, revision)
    if found is None:
        return revision_of(find_repo(viewer, kind, owner, name), revision)
    if not may_read(viewer, found.repo):
        raise missing(viewer, kind, owner, name)
    return found
