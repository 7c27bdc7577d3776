"""Turn the operations of a commit into tree entries and git objects, before its transaction: hash, store, read."""

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.catalog import git
from hub.catalog.errors import BadCommit, BadPath, CommitTooLarge, UnknownContent
from hub.catalog.models import GitObject, Repo
from hub.catalog.operations import AddInline, AddLfs, CopyFile, DeleteFile, DeleteFolder, Operation
from hub.catalog.paths import check_path
from hub.catalog.selectors.content import may_read_content
from hub.catalog.trees import Entry
from hub.catalog.weights import Read, detail_of
from hub.storage import services as storage

_PIECE = 1 << 20


@dataclass
class Contents:
    """What a commit brings, whatever it is put on top of."""

    additions: dict[str, Entry] = field(default_factory=dict)
    copies: list[CopyFile] = field(default_factory=list)
    deletions: list[tuple[str, bool]] = field(default_factory=list)
    objects: dict[str, GitObject] = field(default_factory=dict)
    # Content in storage that the commit names, so that it stays.
    named: set[str] = field(default_factory=set)


def prepare(*, by: Viewer, repo: Repo, operations: Iterable[Operation]) -> Contents:
    """Check the operations and get their contents ready. What is stored on the way is kept for a retry.

    Raises `BadPath`, `BadCommit`, `CommitTooLarge`, `UnknownContent`, `BadWeights`.
    """
    contents, large = Contents(), list[AddLfs]()
    targets: set[str] = set()
    for number, operation in enumerate(operations, 1):
        if number > settings.MAX_COMMIT_OPERATIONS:
            raise CommitTooLarge(
                f"A commit takes up to {settings.MAX_COMMIT_OPERATIONS:,} operations. Send the rest in another commit."
            )
        if isinstance(operation, DeleteFile | DeleteFolder):
            contents.deletions.append(_deletion(operation))
            continue
        if check_path(operation.path) in targets:
            raise BadCommit(f"{operation.path} is added twice in one commit. Send it once.")
        targets.add(operation.path)
        match operation:
            case AddInline():
                if pointer := _add_inline(contents, repo, operation):
                    large.append(pointer)
            case AddLfs():
                large.append(operation)
            case CopyFile():
                contents.copies.append(operation)
    _add_large(contents, by, repo, large)
    return contents


def _deletion(operation: DeleteFile | DeleteFolder) -> tuple[str, bool]:
    is_folder = isinstance(operation, DeleteFolder)
    path = operation.path.rstrip("/") if is_folder else operation.path
    if not path:
        raise BadPath("The top folder of a repository can't be deleted; delete what is in it.")
    return path, is_folder


def _add_inline(contents: Contents, repo: Repo, operation: AddInline) -> AddLfs | None:
    """Add it, unless it is the pointer of a large file, which is given back to be treated, and checked, as that.

    Trees are shared by id, and say by it which files are large: no other file may have the id of a pointer.
    """
    path, data = operation.path, operation.data
    size = _size(repo, operation)
    if size > settings.MAX_INLINE_FILE:
        raise CommitTooLarge(
            f"{path} has {size:,} bytes; up to {settings.MAX_INLINE_FILE:,} can be sent inside a commit. "
            "Upload it as a large file."
        )
    if isinstance(data, str):
        read: Read = storage.reader(sha256=data)
    else:
        read = _file_reader(io.BytesIO(data) if isinstance(data, bytes) else data)
    if size <= git.MAX_POINTER and (pointer := git.read_pointer(read(0, size))):
        return AddLfs(path, *pointer)
    oid = git.blob_oid_of(_pieces(read, size), size)
    detail = detail_of(path, size, read)
    made = GitObject(oid=oid, kind=GitObject.Kind.BLOB, size=size, detail=detail)
    if size <= git.INLINE_LIMIT:
        made.data = read(0, size)
    else:
        made.sha256 = data if isinstance(data, str) else storage.store_bytes(scope=repo.scope, data=data).sha256
        contents.named.add(made.sha256)
    contents.objects[oid] = made
    contents.additions[path] = Entry(oid, size=size, stored=made.sha256 or None)
    return None


def _size(repo: Repo, operation: AddInline) -> int:
    data = operation.data
    if isinstance(data, bytes):
        return len(data)
    if isinstance(data, str):
        sizes = storage.held(scope=repo.scope, sha256s=[data])
        if data not in sizes:
            raise _unknown(operation.path, data)
        return sizes[data]
    return data.seek(0, os.SEEK_END)


def _add_large(contents: Contents, by: Viewer, repo: Repo, operations: list[AddLfs]) -> None:
    wanted = {operation.sha256 for operation in operations}
    sizes = storage.held(scope=repo.scope, sha256s=wanted)
    if elsewhere := may_read_content(by, wanted - set(sizes)):
        for sha256 in elsewhere:
            storage.hold(scope=repo.scope, sha256=sha256)
        sizes |= storage.held(scope=repo.scope, sha256s=elsewhere)
    for operation in operations:
        path, sha256 = operation.path, operation.sha256
        if sha256 not in sizes:
            raise _unknown(path, sha256)
        size = sizes[sha256]
        if operation.size is not None and operation.size != size:
            raise BadCommit(f"{path} has {size:,} bytes as it was uploaded, not {operation.size:,} as the commit says.")
        pointer = git.pointer_text(sha256, size)
        detail = detail_of(path, size, storage.reader(sha256=sha256))
        made = GitObject(
            oid=git.blob_oid(pointer), kind=GitObject.Kind.BLOB, size=len(pointer), data=pointer, detail=detail
        )
        known = contents.objects.setdefault(made.oid, made)
        known.detail = known.detail or detail
        contents.additions[path] = Entry(made.oid, size=size, lfs=sha256)
        contents.named.add(sha256)


def _file_reader(file: BinaryIO) -> Read:
    def read(start: int, length: int) -> bytes:
        file.seek(start)
        return file.read(length)

    return read


def _pieces(read: Read, size: int) -> Iterator[bytes]:
    return (read(start, min(_PIECE, size - start)) for start in range(0, size, _PIECE))


def _unknown(path: str, sha256: str) -> UnknownContent:
    return UnknownContent(
        f"{path}: content of sha256 {sha256[:80]} was not uploaded to this repository. Upload it, then commit again.",
        path=path,
        sha256=sha256,
    )
