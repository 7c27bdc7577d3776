"""Digests of files: sha256 for large files, git's blob id for the others; and a memory of those of local files."""

import hashlib
import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sdk._files import write_whole

BLOCK = 1024 * 1024
LARGEST_GIT_BLOB = 16 * 1024 * 1024
# A file changed again within one tick of the file system's clock keeps its time stamp: not remembered when so fresh.
TICK_NS = 50_000_000
COARSE_TICK_NS = 2_000_000_000


class Hasher(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...
    def hexdigest(self) -> str: ...


def sha256_hasher() -> Hasher:
    return hashlib.sha256()


def git_hasher(size: int) -> Hasher:
    """Of a blob of that size, as git names it. SHA-1 is git's choice; what needs more is kept by sha256."""
    hasher = hashlib.sha1(usedforsecurity=False)
    hasher.update(f"blob {size}\0".encode())
    return hasher


def hash_file(path: Path, hasher: Hasher) -> str:
    buffer = bytearray(BLOCK)
    view = memoryview(buffer)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            hasher.update(view[:count])
    return hasher.hexdigest()


@dataclass(frozen=True)
class Digests:
    """The names of one content: sha256, and git's blob id (empty for files too large to be a git blob on a hub)."""

    size: int
    sha256: str
    oid: str


def digests_of_bytes(data: bytes) -> Digests:
    hasher = git_hasher(len(data))
    hasher.update(data)
    return Digests(len(data), hashlib.sha256(data).hexdigest(), hasher.hexdigest())


class HashMemory:
    """Digests of local files by path, valid while size, inode and both time stamps stay the same; kept in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._is_changed = False
        try:
            self._known: dict[str, list[int | str]] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}

    def digests(self, path: Path) -> Digests:
        """The digests of that file, read only if it isn't known or has changed."""
        before = path.stat()
        stamp: list[int | str] = [before.st_size, before.st_mtime_ns, before.st_ctime_ns, before.st_ino]
        key = os.fspath(path.absolute())
        known = self._known.get(key)
        if known is not None and known[:4] == stamp:
            return Digests(before.st_size, str(known[4]), str(known[5]))
        started = time.time_ns()
        found = _digests(path, before.st_size)
        coarse = before.st_mtime_ns % 1_000_000_000 == 0
        is_settled = started - before.st_mtime_ns > (COARSE_TICK_NS if coarse else TICK_NS)
        if is_settled and path.stat().st_mtime_ns == before.st_mtime_ns:
            with self._lock:
                self._known[key] = [*stamp, found.sha256, found.oid]
                self._is_changed = True
        return found

    def save(self) -> None:
        """Write what is new. Two programs at once: the last one wins, and nothing but time is lost."""
        if not self._is_changed:
            return
        write_whole(self._path, json.dumps(self._known))
        self._is_changed = False


def _digests(path: Path, size: int) -> Digests:
    """Small files are read once for both names; large ones are never git blobs on a hub, so only sha256 is made."""
    if size <= LARGEST_GIT_BLOB:
        return digests_of_bytes(path.read_bytes())
    return Digests(size, hash_file(path, sha256_hasher()), oid="")
