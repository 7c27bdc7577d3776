"""Snapshots that were pulled, kept for the next job as far as there is room: what was used longest ago goes first."""

import contextlib
import logging
import os
import shutil
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import filelock

log = logging.getLogger(__name__)


@dataclass
class Shelf:
    """`folder`: a cache as the SDK lays it out. `most`: bytes that may stay in it; what jobs read stays besides."""

    folder: Path
    most: int
    _read: Counter[str] = field(default_factory=Counter)
    _changing: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def reading(self, commits: Collection[str]) -> Iterator[None]:
        """Nothing of these commits goes meanwhile."""
        self._change(commits, 1)
        try:
            yield
        finally:
            self._change(commits, -1)

    def _change(self, commits: Collection[str], by: int) -> None:
        with self._changing:
            self._read.update(dict.fromkeys(commits, by))
            try:
                self._touch(set(commits))
                self._trim()
            except OSError as error:
                log.warning("What was pulled could not be looked through: %s", error)

    def _touch(self, commits: Collection[str]) -> None:
        for snapshot in self._snapshots():
            if snapshot.name in commits:
                os.utime(snapshot)

    def _snapshots(self) -> list[Path]:
        return list(self.folder.glob("*/*/snapshots/*"))

    def _trim(self) -> None:
        over = size(self.folder) - self.most
        unread = [each for each in self._snapshots() if self._read[each.name] <= 0]
        for snapshot in sorted(unread, key=lambda each: each.stat().st_mtime):
            if over > 0:
                over -= _freed(snapshot.parent.parent, snapshot.name)
        # Of pulls that were broken off.
        for repo in self.folder.glob("*/*/"):
            if over > 0:
                over -= _freed(repo)


def _freed(repo: Path, commit: str = "") -> int:
    """Take away that snapshot, and what no snapshot shows; how many bytes. None while the repository is pulled from."""
    before, notes = size(repo), repo / ".headstart"
    try:
        with filelock.FileLock(notes / "lock", timeout=0):
            if commit:
                shutil.rmtree(repo / "snapshots" / commit)
                for name in (f"{commit}.json", f"{commit}.signature.json"):
                    (notes / name).unlink(missing_ok=True)
            _sweep(repo)
    except filelock.Timeout:
        return 0
    return before - size(repo)


def _sweep(repo: Path) -> None:
    shown = {each.resolve().name for each in (repo / "snapshots").rglob("*") if each.is_symlink()}
    for blob in (repo / "blobs").glob("*"):
        if blob.name not in shown:
            blob.unlink()


def size(folder: Path) -> int:
    """Bytes of the files below it; a link counts for itself."""
    files = (Path(at) / name for at, _, names in os.walk(folder) for name in names)
    return sum(_own(file) for file in files)


def _own(file: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return file.lstat().st_size
    return 0
