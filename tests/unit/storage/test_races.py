"""What happens at the same moment, in threads with real transactions."""

import os
import time

import pytest

from hub.core.transactions import write_transaction
from hub.storage import services
from hub.storage.errors import NotHeld
from hub.storage.models import Blob, Holding, Upload
from tests.concurrency import together
from tests.unit.storage.conftest import begin, digest, make_old, send, upload

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_scopes_bring_the_same_bytes(scope, storage_dir):
    data = os.urandom(3_000_000)
    scopes = [scope, services.new_scope(), services.new_scope()]
    blobs = together(*(lambda scope=scope: upload(scope, data) for scope in scopes))
    assert [blob.sha256 for blob in blobs] == [digest(data)] * 3
    assert Blob.objects.count() == 1 and Holding.objects.count() == 3
    assert [path.read_bytes() for path in (storage_dir / "sha256").rglob("*") if path.is_file()] == [data]


def test_two_finish_the_same_upload(scope, in_parts):
    data = os.urandom(1000)
    plan = begin(scope, data)
    for number in range(1, plan.part_count + 1):
        send(plan, number, data)
    finish = [lambda: services.finish_upload(upload_id=plan.upload_id)] * 2
    for result in together(*finish):
        # Who comes after all is done finds no upload; its client asks again and hears that the bytes are present.
        assert getattr(result, "sha256", digest(data)) == digest(data)
    assert Holding.objects.count() == 1 and not Upload.objects.exists()
    assert begin(scope, data).is_present


def test_parts_at_the_same_time(scope, in_parts):
    data = os.urandom(205)
    plan = begin(scope, data)
    numbers = [*range(1, plan.part_count + 1), 1, 5]
    etags = together(*(lambda number=number: send(plan, number, data) for number in numbers))
    assert all(isinstance(etag, str) for etag in etags)
    blob = services.finish_upload(upload_id=plan.upload_id)
    assert services.read_range(sha256=blob.sha256, start=0, length=205) == data


@pytest.mark.parametrize("delay", [0, 0.005, 0.02])
def test_keep_saves_the_bytes_or_says_not_held(scope, stored_path, delay):
    blob = services.store_bytes(scope=scope, data=b"contested")
    make_old()

    def commit() -> str:
        time.sleep(delay)
        with write_transaction():
            services.keep(scope=scope, sha256s=[blob.sha256])
        return "kept"

    kept, report = together(commit, lambda: services.collect_garbage(dry_run=False))
    if kept == "kept":
        assert not report.items and stored_path(blob.sha256).exists() and Blob.objects.exists()
    else:
        assert isinstance(kept, NotHeld)
        assert report.count("blob") == 1 and not stored_path(blob.sha256).exists()


def test_bytes_brought_again_while_they_are_collected(scope, stored_path):
    for _ in range(5):
        blob = services.store_bytes(scope=scope, data=b"contested")
        make_old()
        again, _ = together(
            lambda: services.store_bytes(scope=scope, data=b"contested"),
            lambda: services.collect_garbage(dry_run=False),
        )
        assert again.sha256 == blob.sha256
        assert Blob.objects.filter(sha256=blob.sha256).exists()
        assert stored_path(blob.sha256).read_bytes() == b"contested"
