import os
from pathlib import Path

import pytest

from hub.core import clock
from hub.storage import services
from hub.storage.backends import get_backend
from hub.storage.models import Blob, Holding, Upload, XetFile, Xorb
from tests.unit.storage.conftest import LONG_AGO, begin, make_old, send, upload

THEN = LONG_AGO.total_seconds()


def collect() -> set[tuple[str, str]]:
    """What a dry run lists, after checking that the real run frees exactly that and the next nothing."""
    listed = services.collect_garbage(dry_run=True)
    freed = services.collect_garbage(dry_run=False)
    assert freed.items == listed.items
    assert not services.collect_garbage(dry_run=False).items
    return {(item.sort, item.name) for item in listed.items}


def age(path: Path) -> Path:
    then = clock.now().timestamp() - THEN
    os.utime(path, (then, then))
    return path


def test_only_what_no_commit_names_and_nobody_brought_lately_goes(scope, stored_path):
    kept, lapsed, dropped, recent = (services.store_bytes(scope=scope, data=os.urandom(9)) for _ in range(4))
    services.keep(scope=scope, sha256s=[kept.sha256])
    Holding.objects.filter(blob=dropped).delete()
    make_old()
    begin(scope, b"")
    Holding.objects.filter(blob=recent).update(uploaded_at=clock.now())
    assert collect() == {("blob", lapsed.sha256), ("blob", dropped.sha256)}
    assert set(Blob.objects.all()) == {kept, recent}
    assert [stored_path(blob.sha256).exists() for blob in (kept, lapsed, dropped, recent)] == [1, 0, 0, 1]


def test_one_commit_anywhere_keeps_the_bytes(scope):
    blob = services.store_bytes(scope=scope, data=b"shared")
    other = services.new_scope()
    services.hold(scope=other, sha256=blob.sha256)
    services.keep(scope=other, sha256s=[blob.sha256])
    make_old()
    assert collect() == set()


def test_new_bytes_are_protected(scope):
    upload(scope, b"just here")
    Holding.objects.all().delete()
    assert collect() == set()


def test_expired_uploads_go_with_their_bytes(scope, in_parts, incoming):
    data = os.urandom(100)
    plan = begin(scope, data)
    send(plan, 1, data)
    assert collect() == set()
    make_old()
    report = services.collect_garbage(dry_run=True)
    assert report.count("upload") == 1 and report.bytes_of("upload") == report.bytes > 0
    assert collect() == {("upload", plan.upload_id)}
    assert not incoming() and not Upload.objects.exists()


def test_unknown_files_go_when_old(scope, storage_dir):
    known = age(storage_dir / services_key(services.store_bytes(scope=scope, data=b"known")))
    names = ["sha256/ab/cd/" + "a" * 64, "xorbs/ab/cd/" + "b" * 64, "incoming/123.tmp"]
    for name in [*names, "sha256/ab/cd/" + "c" * 64]:
        path = storage_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"unknown")
    for name in names:
        age(storage_dir / name)
    assert collect() == {("file", name) for name in names}
    assert known.exists() and (storage_dir / ("sha256/ab/cd/" + "c" * 64)).exists()


def services_key(blob: Blob) -> str:
    return f"sha256/{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}"


def test_a_slice_looks_at_its_keys_only(db, storage_dir):
    for start in ("aa", "bb"):
        path = storage_dir / "sha256" / start / "00" / (start * 32)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"unknown")
        age(path)
    report = services.collect_garbage(dry_run=True, slice_of="bb")
    assert [item.name for item in report.items] == ["sha256/bb/00/" + "bb" * 32]


def test_a_file_that_is_being_written_stays(db, storage_dir):
    with get_backend().stage(10) as staged:
        age(storage_dir / "incoming" / staged.name)
        assert not services.collect_garbage(dry_run=False).items
        assert (storage_dir / "incoming" / staged.name).exists()


def test_the_limit_bounds_a_run(scope):
    for _ in range(3):
        services.store_bytes(scope=scope, data=os.urandom(9))
    make_old()
    assert len(services.collect_garbage(dry_run=False, limit=2).items) == 2
    assert Blob.objects.count() == 1


@pytest.fixture
def xet_blob(db, storage_dir) -> Blob:
    """An old content, held by nobody, in a xorb on disk; a second xorb is used by nothing."""
    then = clock.now() - LONG_AGO
    for name in ("a", "b"):
        path = storage_dir / "xorbs" / (name * 2) / (name * 2) / (name * 64)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"chunks")
        Xorb.objects.create(
            hash=name * 64, chunk_count=1, raw_size=6, disk_size=6, index=b"", created_at=then, referenced_at=then
        )
    xet_file = XetFile.objects.create(hash="f" * 64, size=6, segments=b"", created_at=then)
    xet_file.xorbs.add(Xorb.objects.get(hash="a" * 64))
    return Blob.objects.create(sha256="c" * 64, size=6, xet_file=xet_file, created_at=then)


def test_a_xet_content_goes_with_its_file_and_xorbs_in_one_run(xet_blob, storage_dir):
    assert services.collect_garbage(dry_run=True).bytes == 12
    assert collect() == {
        ("blob", "c" * 64),
        ("xet_file", "f" * 64),
        ("xorb", "a" * 64),
        ("xorb", "b" * 64),
    }
    assert not [path for path in (storage_dir / "xorbs").rglob("*") if path.is_file()]


def test_xorbs_stay_while_used_or_lately_referenced(xet_blob, scope):
    services.hold(scope=scope, sha256=xet_blob.sha256)
    services.keep(scope=scope, sha256s=[xet_blob.sha256])
    Xorb.objects.filter(hash="b" * 64).update(referenced_at=clock.now())
    assert collect() == set()
    Xorb.objects.update(referenced_at=clock.now() - LONG_AGO)
    assert collect() == {("xorb", "b" * 64)}
