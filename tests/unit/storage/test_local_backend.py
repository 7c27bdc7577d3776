import errno
import os
import resource
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub.core.errors import OutOfSpace
from hub.storage.backends import LocalFile, blob_key, get_backend, xorb_key
from hub.storage.errors import BytesDamaged, UploadBusy

NAME = "ab" * 32


@pytest.fixture
def backend(storage_dir):
    return get_backend()


def test_unknown_backend(settings):
    settings.STORAGE_BACKEND = "floppy"
    with pytest.raises(ImproperlyConfigured, match="floppy"):
        get_backend()


def test_stage_commit_read_delete(backend, storage_dir):
    key = blob_key(NAME)
    with backend.stage(6) as staged:
        staged.write_at(b"def", 3)
        staged.write_at(memoryview(b"abc"), 0)
        assert backend.size(key) is None
        backend.commit(staged, key)
    assert b"".join(backend.read(key)) == b"abcdef" and b"".join(backend.read(key, 2, 3)) == b"cde"
    assert backend.deliver(key, 1, 2, 6) == LocalFile(storage_dir / f"sha256/ab/ab/{NAME}", 1, 2, 6)
    assert [(stored.key, stored.name) for stored in backend.list("sha256")] == [(key, NAME)]
    for _ in range(2):
        backend.delete(key)
    with pytest.raises(FileNotFoundError):
        backend.read(key)


def test_what_is_not_committed_is_dropped(backend, storage_dir):
    with backend.stage(6) as staged:
        staged.write_at(b"abc", 0)
    assert not list((storage_dir / "incoming").iterdir())


def test_a_short_file_is_damaged(backend):
    with backend.stage(3) as staged:
        backend.commit(staged, xorb_key(NAME))
    with pytest.raises(BytesDamaged):
        b"".join(backend.read(xorb_key(NAME), 0, 4))


def test_a_file_system_that_cant_preallocate(backend, monkeypatch):
    def refuse(*arguments: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "posix_fallocate", refuse)
    with backend.stage(6) as staged:
        assert b"".join(staged.read()) == bytes(6)


def test_a_limit_of_the_process_counts_as_a_full_disk(backend, storage_dir):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OutOfSpace):
            backend.stage(2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((storage_dir / "incoming").iterdir())


def test_a_failed_allocation_of_a_named_place_frees_what_it_took(backend, storage_dir, monkeypatch):
    def full(fd: int, start: int, size: int) -> None:
        os.ftruncate(fd, size // 2)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(OutOfSpace):
        backend.open_staged("upload", 100)
    assert (storage_dir / "incoming" / "upload").stat().st_size == 0


def test_other_trouble_is_not_called_a_full_disk(backend, monkeypatch):
    def fail(*arguments: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "pwrite", fail)
    with backend.stage(3) as staged, pytest.raises(OSError, match="Input/output"):
        staged.write_at(b"abc", 0)


def test_claiming_waits_for_writers_and_keeps_new_ones_out(backend):
    assert backend.claim_staged("upload", wait=0) is None
    with backend.open_staged("upload", 3), backend.open_staged("upload", 3), pytest.raises(UploadBusy):
        backend.claim_staged("upload", wait=0)
    with backend.claim_staged("upload", wait=0) as claimed:
        backend.commit(claimed, blob_key(NAME))
    assert not backend.is_staged("upload") and backend.size(blob_key(NAME)) == 3


def test_a_writer_that_waited_for_a_rename_gets_a_place_of_its_own(backend):
    """Nobody may hold a file open for writing that has a key by now."""
    with backend.open_staged("upload", 3):
        pass
    claimed = backend.claim_staged("upload", wait=0)
    opened = []
    writer = threading.Thread(target=lambda: opened.append(backend.open_staged("upload", 3)))
    with claimed:
        writer.start()
        backend.commit(claimed, blob_key(NAME))
    writer.join()
    with opened[0] as staged:
        staged.write_at(b"bad", 0)
    assert b"".join(backend.read(blob_key(NAME))) == bytes(3)


def test_locks_of_one_key_exclude_each_other(backend):
    order = []
    with backend.lock(blob_key(NAME)):
        other = threading.Thread(target=lambda: _enter(backend, order))
        other.start()
        other.join(0.05)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def _enter(backend, order: list[str]) -> None:
    with backend.lock(blob_key(NAME)):
        order.append("second")
