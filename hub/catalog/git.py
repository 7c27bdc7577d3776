"""What git computes: ids and bytes of blobs, trees and commits. Pure functions; dulwich does the formatting."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping

from dulwich.objects import Commit, Tree, parse_tree

# Regular files over this size keep their bytes in storage instead of in the table of git objects.
INLINE_LIMIT = 64 * 1024
FILE_MODE = 0o100644
TREE_MODE = 0o040000
MAX_POINTER = 200
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (0|[1-9][0-9]{0,17})\n"
)


def blob_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def blob_oid_of(pieces: Iterable[bytes], size: int) -> str:
    """The same for content that comes in pieces of `size` bytes in all."""
    digest = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def pointer_text(sha256: str, size: int) -> bytes:
    """The file that stands in a tree for large content, as git-lfs writes it."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()


def read_pointer(data: bytes) -> tuple[str, int] | None:
    """sha256 and size of the large content that these bytes stand for; None when they aren't such a pointer."""
    found = _POINTER.fullmatch(data)
    return (found[1].decode(), int(found[2])) if found else None


def write_tree(entries: Mapping[str, tuple[bool, str]]) -> tuple[str, bytes]:
    """Id and bytes of the tree with these entries: name to (is a tree, id)."""
    tree = Tree()
    for name, (is_tree, oid) in entries.items():
        tree.add(name.encode(), TREE_MODE if is_tree else FILE_MODE, oid.encode())  # type: ignore[arg-type]
    return tree.id.decode(), tree.as_raw_string()


def read_tree(data: bytes) -> list[tuple[str, bool, str]]:
    """(name, is a tree, id) of each entry, in git's order."""
    return [(name.decode(), mode == TREE_MODE, oid.decode()) for name, mode, oid in parse_tree(data, 20)]


def tree_order(name: str, is_tree: bool) -> bytes:
    """Git sorts a tree's entries, and a walk through them, by this."""
    return name.encode() + (b"/" if is_tree else b"")


def write_commit(*, tree: str, parent: str, author: str, at: dt.datetime, message: str) -> tuple[str, bytes]:
    """Id and bytes of a commit; `author` is `Name <email>`, `parent` empty for the first, `at` counts to the second."""
    commit = Commit()
    commit.tree = tree.encode()
    commit.parents = [parent.encode()] if parent else []  # type: ignore[list-item]
    commit.author = commit.committer = author.encode()
    commit.author_time = commit.commit_time = int(at.timestamp())
    commit.author_timezone = commit.commit_timezone = 0
    commit.message = message.encode()
    return commit.id.decode(), commit.as_raw_string()
