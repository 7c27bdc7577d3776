"""Change files as people do in the browser: one at a time, with what they saw, or many that were uploaded."""

import os
from collections.abc import Iterable
from typing import BinaryIO

from hub.accounts.viewer import Viewer
from hub.catalog import git
from hub.catalog.errors import FileChanged, StaleParent, UnknownContent
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline, AddLfs, DeleteFile, Operation
from hub.catalog.paths import check_path
from hub.catalog.permissions import check_write
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.selectors.rules import is_lfs_path
from hub.catalog.services.commits import CommitResult, commit
from hub.catalog.services.refs import start_branch
from hub.catalog.trees import entry_at
from hub.core.errors import Conflict
from hub.storage import services as storage

_ATTEMPTS = 8
# As much of a file as tells text from other bytes.
_SAMPLE = 512


def put_file(
    *,
    by: Viewer,
    repo: Repo,
    revision: str,
    path: str,
    data: bytes,
    base: str,
    title: str,
    description: str = "",
    new_branch: str = "",
) -> CommitResult:
    """Write one small file in place of the one with the git id `base` ("": none was there), on the branch `revision`
    or on a new one that starts there. Changes of other files meanwhile don't matter; sent twice, it is done once.

    Raises `FileChanged` when somebody else changed this file, and what `commit` and `create_branch` do.
    """
    check_write(by, repo)
    branch = start_branch(by=by, repo=repo, name=new_branch, start=revision)
    for _ in range(_ATTEMPTS):
        at = revision_of(repo, branch)
        now = _oid_at(at, path)
        if now == git.blob_oid(data):
            return CommitResult(at.commit, is_new=False)
        _check_same(path, base, now)
        if done := _try(by, repo, branch, at, AddInline(path, data), title, description):
            return done
    raise _busy(repo)


def remove_file(*, by: Viewer, repo: Repo, revision: str, path: str, base: str, title: str) -> CommitResult:
    """Delete the file with the git id `base` from the branch. It stays in the history.

    Raises `FileChanged` when somebody changed or deleted it meanwhile, and what `commit` does.
    """
    check_write(by, repo)
    for _ in range(_ATTEMPTS):
        at = revision_of(repo, revision)
        _check_same(path, base, _oid_at(at, path))
        if done := _try(by, repo, revision, at, DeleteFile(path), title, ""):
            return done
    raise _busy(repo)


def commit_uploads(
    *,
    by: Viewer,
    repo: Repo,
    revision: str,
    files: Iterable[tuple[str, str]],
    title: str,
    description: str = "",
    new_branch: str = "",
) -> CommitResult:
    """Commit (path, sha256) of contents that were uploaded before, each as a large or a regular file as the rules of
    the revision say. Raises `UnknownContent` (`detail["path"]`), and what `commit` and `create_branch` do."""
    check_write(by, repo)
    at, wanted = revision_of(repo, revision), dict(files)
    sizes = storage.held(scope=repo.scope, sha256s=wanted.values())
    operations = [_operation(at, path, sha256, sizes.get(sha256)) for path, sha256 in wanted.items()]
    branch = start_branch(by=by, repo=repo, name=new_branch, start=revision)
    return commit(by=by, repo=repo, revision=branch, operations=operations, title=title, description=description)


def commit_files(
    *,
    by: Viewer,
    repo: Repo,
    revision: str,
    files: Iterable[tuple[str, BinaryIO]],
    title: str,
    description: str = "",
    new_branch: str = "",
) -> CommitResult:
    """The same for open files at hand; large ones are stored on the way."""
    check_write(by, repo)
    at = revision_of(repo, revision)
    operations = [_stored(repo, at, path, file) for path, file in files]
    branch = start_branch(by=by, repo=repo, name=new_branch, start=revision)
    return commit(by=by, repo=repo, revision=branch, operations=operations, title=title, description=description)


def _stored(repo: Repo, at: Revision, path: str, file: BinaryIO) -> Operation:
    size, _ = file.seek(0, os.SEEK_END), file.seek(0)
    if is_lfs_path(at, check_path(path), size, file.read(_SAMPLE)):
        return AddLfs(path, storage.store_bytes(scope=repo.scope, data=file).sha256, size)
    return AddInline(path, file)


def _operation(at: Revision, path: str, sha256: str, size: int | None) -> Operation:
    if size is None:
        raise UnknownContent(f"{path} is not here (any more). Upload it again, then commit.", path=path)
    sample = storage.read_range(sha256=sha256, start=0, length=_SAMPLE)
    return AddLfs(path, sha256, size) if is_lfs_path(at, path, size, sample) else AddInline(path, sha256)


def _oid_at(at: Revision, path: str) -> str:
    entry = entry_at(at.tree, path)
    return entry.oid if entry else ""


def _check_same(path: str, base: str, now: str) -> None:
    if now != base:
        what = "changed" if now else "deleted"
        raise FileChanged(f"Somebody else {what} {path} while you worked on it. Nothing was saved yet.", oid=now)


def _try(
    by: Viewer, repo: Repo, branch: str, at: Revision, operation: Operation, title: str, description: str
) -> CommitResult | None:
    """None when the branch moved meanwhile."""
    told = {"revision": branch, "title": title, "description": description, "parent": at.commit}
    try:
        return commit(by=by, repo=repo, operations=[operation], **told)
    except StaleParent:
        return None


def _busy(repo: Repo) -> Conflict:
    return Conflict(f"{repo.full_name} is being written to by many at once. Try again in a moment.")
