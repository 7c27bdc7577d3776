"""Bytes in a local directory: incoming/ for what is on its way, sha256/ and xorbs/ for what is stored."""

import datetime as dt
import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from hub.core.errors import OutOfSpace
from hub.storage.backends import CHUNK, Bytes, Delivery, LocalFile, Staged, Stored
from hub.storage.errors import BytesDamaged, UploadBusy

# Left free for the database, so that a full disk can still be cleaned up.
RESERVE = 64 * 1024**2
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CANT_ALLOCATE = {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}


class LocalStaged:
    """A file below incoming/, locked: alone when nameless or claimed, shared by the writers of an upload's parts."""

    def __init__(self, path: Path, fd: int, size: int, *, keeps: bool) -> None:
        self.path, self.fd, self.size = path, fd, size
        self.name = path.name
        self._keeps = keeps

    def write_at(self, data: Bytes, offset: int) -> None:
        view = memoryview(data)
        with _space():
            while view:
                written = os.pwrite(self.fd, view, offset)
                view, offset = view[written:], offset + written

    def read(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        return _read(self.fd, start, self.size - start if length is None else length)

    def keep_as(self, name: str) -> None:
        self._move(self.path.with_name(name))

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._keeps = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if not self._keeps:
            self.discard()
        os.close(self.fd)

    def _move(self, path: Path) -> None:
        with _space():
            os.fsync(self.fd)
            _make_folder(path.parent)
            self.path.rename(path)
            _sync_folder(path.parent)
        self.path, self.name, self._keeps = path, path.name, True


class LocalBackend:
    """See `hub.storage.backends.Backend`. Several servers may share one directory, on a file system that has flock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"

    def stage(self, size: int) -> LocalStaged:
        self._check_space(size)
        with _space():
            _make_folder(self.incoming)
            path = self.incoming / f"{secrets.token_hex(12)}.tmp"
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
            fcntl.flock(fd, fcntl.LOCK_EX)
        staged = LocalStaged(path, fd, size, keeps=False)
        try:
            _allocate(fd, size)
        except BaseException:
            staged.__exit__()
            raise
        return staged

    def open_staged(self, name: str, size: int) -> LocalStaged:
        path = self.incoming / name
        while True:
            with _space():
                _make_folder(self.incoming)
                fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
            try:
                if os.fstat(fd).st_size != size:
                    fcntl.flock(fd, fcntl.LOCK_EX)
                    if os.fstat(fd).st_size != size:
                        self._check_space(size)
                        _allocate(fd, size)
                _lock(fd, fcntl.LOCK_SH, wait=30)
                if _is_at(fd, path):
                    return LocalStaged(path, fd, size, keeps=True)
            except BaseException:
                os.close(fd)
                raise
            os.close(fd)

    def claim_staged(self, name: str, wait: float) -> LocalStaged | None:
        path = self.incoming / name
        try:
            fd = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            _lock(fd, fcntl.LOCK_EX, wait)
            if _is_at(fd, path):
                return LocalStaged(path, fd, os.fstat(fd).st_size, keeps=True)
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        return None

    def is_staged(self, name: str) -> bool:
        return (self.incoming / name).exists()

    def commit(self, staged: Staged, key: str) -> None:
        if not isinstance(staged, LocalStaged):
            raise TypeError(f"{staged!r} was staged by another backend.")
        # Its age counts from now on, whenever its last byte was written.
        os.utime(staged.fd)
        staged._move(self.root / key)

    def size(self, key: str) -> int | None:
        try:
            return (self.root / key).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        path = self.root / key
        size = path.stat().st_size
        return _read_file(path, start, size - start if length is None else length)

    def deliver(self, key: str, start: int, length: int, size: int) -> Delivery:
        if self.size(key) != size:
            raise BytesDamaged(f"The stored bytes of {key} are gone or cut short. Push the file again.")
        return LocalFile(path=self.root / key, start=start, length=length, size=size)

    def delete(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[Stored]:
        for folder, _, names in os.walk(self.root / prefix):
            for name in names:
                path = Path(folder, name)
                with suppress(FileNotFoundError):
                    status = path.stat()
                    modified_at = dt.datetime.fromtimestamp(status.st_mtime, dt.UTC)
                    yield Stored(path.relative_to(self.root).as_posix(), status.st_blocks * 512, modified_at)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        folder = self.root / "locks"
        with _space():
            _make_folder(folder)
            fd = os.open(folder / key.rpartition("/")[2][:2], os.O_RDWR | os.O_CREAT, 0o640)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def free_space(self) -> int:
        _make_folder(self.root)
        return max(0, shutil.disk_usage(self.root).free - RESERVE)

    def _check_space(self, size: int) -> None:
        if size > (free := self.free_space()):
            raise OutOfSpace(
                f"The hub's disk has {free:,} bytes left for files; this one needs {size:,}. Nothing was stored. "
                "Ask the administrator to free space, then try again."
            )


@contextmanager
def _space() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise OutOfSpace from error


def _allocate(fd: int, size: int) -> None:
    """Reserve the space now, so that the disk can't fill up in the middle; on failure the file is empty."""
    try:
        if size:
            os.posix_fallocate(fd, 0, size)
    except OSError as error:
        if error.errno not in _CANT_ALLOCATE:
            os.ftruncate(fd, 0)
            with _space():
                raise
    with _space():
        os.ftruncate(fd, size)


def _lock(fd: int, kind: int, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            return fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise UploadBusy from error
        time.sleep(0.02)


def _is_at(fd: int, path: Path) -> bool:
    """Whether the open file is still the one at that path: it may have been renamed before we got the lock."""
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


def _read(fd: int, start: int, length: int) -> Iterator[bytes]:
    while length > 0:
        data = os.pread(fd, min(CHUNK, length), start)
        if not data:
            raise BytesDamaged("The stored bytes are cut short. Push the file again, or restore it from a backup.")
        yield data
        start, length = start + len(data), length - len(data)


def _read_file(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        yield from _read(file.fileno(), start, length)


def _make_folder(path: Path) -> None:
    if path.is_dir():
        return
    _make_folder(path.parent)
    path.mkdir(exist_ok=True)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
