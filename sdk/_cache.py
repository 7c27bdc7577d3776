"""What was pulled, on disk, in the layout of the Hugging Face cache, below a folder that is the hub's own.

    <cache>/<hub>/models--owner--name/
        blobs/<digest>           the bytes, by sha256 (large files) or git's blob id
        snapshots/<commit>/…     links to them, by path
        refs/<revision>          the commit that a branch or tag had when it was last asked for
        .headstart/<commit>.json the full list of files of that commit
        .headstart/<commit>.signature.json  the hub's signature of that commit, as it was verified
        .headstart/verified.json size and time stamp of each blob when its digest was last found right

`transformers` and the like find it with HF_HUB_CACHE=<cache>/<hub>. The public hub's cache is left alone: `owner/name`
there and here are two different things.
"""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import filelock

from sdk import _hashes
from sdk._errors import InvalidInputError
from sdk._files import write_whole
from sdk._models import FileInfo, Kind

COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NOT_ON_WINDOWS = re.compile(r'(?i)\A(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z|[\\:*?"<>|]|[. ]\Z')


class RepoCache:
    """One model's or data set's part of the cache."""

    def __init__(self, root: Path, kind: Kind, name: str) -> None:
        self.folder = root / f"{kind}s--{name.replace('/', '--')}"
        self.blobs = self.folder / "blobs"
        self._notes = self.folder / ".headstart"

    def lock(self) -> filelock.BaseFileLock:
        """Held while files are fetched, so that two programs that pull the same thing fetch it once."""
        self._notes.mkdir(parents=True, exist_ok=True)
        return filelock.FileLock(self._notes / "lock")

    # Revisions

    def snapshot(self, commit: str) -> Path:
        return self.folder / "snapshots" / commit

    def commit_of(self, revision: str) -> str | None:
        """The commit that this revision had when it was last asked for; a full commit id is its own."""
        if COMMIT.fullmatch(revision):
            return revision
        with contextlib.suppress(OSError):
            commit = self._ref(revision).read_text(encoding="ascii").strip()
            return commit if COMMIT.fullmatch(commit) else None
        return None

    def commits(self) -> list[str]:
        """Every commit of which something was pulled."""
        folder = self.folder / "snapshots"
        return sorted(place.name for place in folder.iterdir()) if folder.is_dir() else []

    def remember_ref(self, revision: str, commit: str) -> None:
        if not COMMIT.fullmatch(revision) and self.commit_of(revision) != commit:
            write_whole(self._ref(revision), commit)

    def _ref(self, revision: str) -> Path:
        return self.folder / "refs" / checked_path(revision)

    # Lists of files

    def files_of(self, commit: str) -> tuple[FileInfo, ...] | None:
        """All files of that commit, as the hub listed them; None if it never did."""
        listed = _read_json(self._notes / f"{commit}.json")
        return tuple(FileInfo(**entry) for entry in listed["files"]) if listed else None

    def remember_files(self, commit: str, files: Iterable[FileInfo]) -> None:
        entries = [{"path": f.path, "size": f.size, "oid": f.oid, "sha256": f.sha256} for f in files]
        write_whole(self._notes / f"{commit}.json", json.dumps({"commit": commit, "files": entries}))

    def signature_of(self, commit: str) -> dict[str, Any] | None:
        """The signature that was found good when the commit was pulled, with the key's fingerprint as `key`."""
        note = _read_json(self._notes / f"{commit}.signature.json")
        return note if isinstance(note, dict) and {"key", "bundle", "statements"} <= set(note) else None

    def remember_signature(self, commit: str, note: dict[str, Any]) -> None:
        if self.signature_of(commit) != note:
            write_whole(self._notes / f"{commit}.signature.json", json.dumps(note))

    # Blobs

    def blob(self, file: FileInfo) -> Path:
        return self.blobs / file.digest

    def verified(self) -> dict[str, list[int]]:
        """Size and time stamp of each blob when its digest was last found right."""
        return _read_json(self._notes / "verified.json") or {}

    def remember_verified(self, digests: Iterable[str]) -> None:
        """Call with the lock held."""
        known = {**self.verified(), **{digest: stamp(self.blobs / digest) for digest in digests}}
        write_whole(self._notes / "verified.json", json.dumps({name: at for name, at in known.items() if at}))

    def is_right(self, file: FileInfo, path: Path | None = None) -> bool:
        """Read the blob (or the file at `path`) and compare its digest."""
        path = path or self.blob(file)
        try:
            if path.stat().st_size != file.size:
                return False
            hasher = _hashes.sha256_hasher() if file.sha256 else _hashes.git_hasher(file.size)
            return _hashes.hash_file(path, hasher) == file.digest
        except FileNotFoundError:
            return False

    def drop(self, file: FileInfo, commit: str) -> None:
        """Take the file out of that snapshot, and its bytes out of the cache."""
        (self.snapshot(commit) / checked_path(file.path)).unlink(missing_ok=True)
        self.blob(file).unlink(missing_ok=True)

    def link(self, file: FileInfo, commit: str) -> None:
        """Make the file appear in the snapshot: a relative link, or where those don't work a hard link or a copy."""
        place, blob = self.snapshot(commit) / checked_path(file.path), self.blob(file)
        if place.exists() and (place.is_symlink() or place.stat().st_size == file.size):
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        try:
            place.symlink_to(os.path.relpath(blob, place.parent))
        except OSError:
            try:
                place.hardlink_to(blob)
            except OSError:
                shutil.copy2(blob, place)


def checked_path(path: str) -> PurePosixPath:
    """The path if it stays inside the folder it is joined to; a hub must not write elsewhere on this machine."""
    parts = path.split("/")
    is_bad = any(part in ("", ".", "..") or (os.name == "nt" and _NOT_ON_WINDOWS.search(part)) for part in parts)
    if is_bad or "\0" in path:
        raise InvalidInputError(f"The hub lists {path!r}, which is not a path inside a folder. Nothing was written.")
    return PurePosixPath(*parts)


def checked_file(file: FileInfo) -> FileInfo:
    """The entry if its path is safe, and its digest is one: both become file names here."""
    checked_path(file.path)
    if not _DIGEST.fullmatch(file.digest) or file.size < 0:
        raise InvalidInputError(f"The hub lists {file.path!r} without a proper digest. Nothing was written.")
    return file


def stamp(path: Path) -> list[int]:
    """Size and time stamp; empty if there is no such file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return []
    return [found.st_size, found.st_mtime_ns]


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
