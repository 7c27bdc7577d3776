import errno
import io
import os

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hub.core.errors import InvalidInput, OutOfSpace, TooLarge
from hub.storage import services
from hub.storage.errors import BadPart, UploadBusy, UploadNotFound, WrongDigest, WrongSize
from hub.storage.models import Blob, Condition, Holding, Upload, UploadPart
from tests.unit.storage.conftest import begin, digest, send, upload

DATA = bytes(range(256)) * 4
LARGE = os.urandom(64) * 60_000


def stored(blob: Blob) -> bytes:
    return services.read_range(sha256=blob.sha256, start=0, length=blob.size)


@pytest.mark.parametrize("data", [b"", b"x", DATA, LARGE], ids=["empty", "one byte", "small", "many pieces"])
def test_single_put_gives_the_bytes_back(scope, data, incoming):
    blob = upload(scope, data)
    assert (blob.sha256, blob.size, stored(blob)) == (digest(data), len(data), data)
    assert services.held(scope=scope, sha256s=[blob.sha256, "0" * 64]) == {blob.sha256: len(data)}
    assert not Upload.objects.exists()
    assert not incoming()


def test_a_body_that_only_reads(scope):
    class Body:
        def __init__(self, data: bytes) -> None:
            self.read = io.BytesIO(data).read

    plan = begin(scope, LARGE)
    services.receive_part(upload_id=plan.upload_id, number=1, body=Body(LARGE), length=len(LARGE))
    assert stored(services.finish_upload(upload_id=plan.upload_id)) == LARGE


def test_the_digest_of_a_single_put_is_kept_so_finish_reads_nothing(scope, monkeypatch):
    plan = begin(scope, DATA)
    send(plan, 1, DATA)
    monkeypatch.setattr(os, "pread", None)
    services.finish_upload(upload_id=plan.upload_id)


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=100, max_size=300), part_size=st.integers(7, 120), shuffle=st.randoms())
def test_parts_in_any_order_and_size_give_the_same_bytes(scope, settings, data, part_size, shuffle):
    settings.LFS_MULTIPART_FROM, settings.LFS_PART_SIZE = 100, part_size
    settings.STORAGE_DIR = settings.STORAGE_DIR.with_name(digest(data)[:8])
    Blob.objects.all().delete()
    plan = begin(scope, data)
    numbers = list(range(1, plan.part_count + 1))
    shuffle.shuffle(numbers)
    for number in numbers:
        send(plan, number, data)
    assert stored(services.finish_upload(upload_id=plan.upload_id)) == data


def test_a_received_part_is_never_asked_for_again(scope, in_parts):
    data = os.urandom(105)
    plan = begin(scope, data)
    assert (plan.part_count, plan.received) == (11, frozenset())
    etag = send(plan, 3, data)
    again = begin(scope, data)
    assert (again.upload_id, again.received) == (plan.upload_id, {3})
    assert send(again, 3, data) == etag


def test_finish_names_the_missing_parts(scope, in_parts):
    data = os.urandom(120)
    plan = begin(scope, data)
    send(plan, 2, data)
    with pytest.raises(BadPart) as error:
        services.finish_upload(upload_id=plan.upload_id)
    assert error.value.detail["missing"] == [1, *range(3, 13)]


def test_truncated_body_is_refused_and_the_upload_goes_on(scope, incoming):
    plan = begin(scope, DATA)
    with pytest.raises(BadPart, match="ended after 100 of 1,024"):
        services.receive_part(upload_id=plan.upload_id, number=1, body=io.BytesIO(DATA[:100]), length=len(DATA))
    assert not incoming()
    assert begin(scope, DATA).upload_id == plan.upload_id
    send(plan, 1, DATA)
    assert stored(services.finish_upload(upload_id=plan.upload_id)) == DATA


def test_a_connection_that_breaks_is_a_truncated_body(scope):
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError

    plan = begin(scope, DATA)
    with pytest.raises(BadPart, match="ended after 0"):
        services.receive_part(upload_id=plan.upload_id, number=1, body=Broken(), length=len(DATA))


@pytest.mark.parametrize(("number", "length"), [(1, 1023), (1, 1025), (0, 1024), (2, 1024)])
def test_parts_that_are_not_in_the_plan_are_refused_unread(scope, number, length):
    plan = begin(scope, DATA)
    with pytest.raises(BadPart):
        services.receive_part(upload_id=plan.upload_id, number=number, body=None, length=length)


def test_a_body_that_gives_more_than_asked_is_refused(scope):
    class Generous:
        def read(self, size: int) -> bytes:
            return bytes(size + 1)

    plan = begin(scope, DATA)
    with pytest.raises(BadPart, match="longer"):
        services.receive_part(upload_id=plan.upload_id, number=1, body=Generous(), length=len(DATA))


def test_wrong_digest_of_a_single_put_keeps_nothing(scope, incoming):
    plan, wrong = begin(scope, DATA), bytes(len(DATA))
    with pytest.raises(WrongDigest) as error:
        send(plan, 1, wrong)
    assert digest(wrong) in error.value.message and digest(DATA) in error.value.message
    assert not UploadPart.objects.exists() and not incoming()
    send(plan, 1, DATA)
    services.finish_upload(upload_id=plan.upload_id)


def test_wrong_digest_of_parts_drops_them_all(scope, in_parts, incoming):
    data, wrong = os.urandom(100), os.urandom(100)
    plan = begin(scope, data)
    for number in range(1, 11):
        send(plan, number, wrong)
    with pytest.raises(WrongDigest):
        services.finish_upload(upload_id=plan.upload_id)
    assert not Upload.objects.exists() and not Blob.objects.exists() and not incoming()
    assert stored(upload(scope, data)) == data


def test_unknown_upload(scope):
    with pytest.raises(UploadNotFound):
        services.receive_part(upload_id="../../etc/passwd", number=1, body=None, length=1)
    with pytest.raises(UploadNotFound):
        services.finish_upload(upload_id="0" * 24)


@pytest.mark.parametrize(("sha256", "size"), [("../x", 1), ("A" * 64, 1), ("a" * 63, 1), ("a" * 64, -1)])
def test_malformed_announcements_are_refused(scope, sha256, size):
    with pytest.raises(InvalidInput):
        services.begin_upload(scope=scope, sha256=sha256, size=size)


def test_what_is_held_is_present_and_its_protection_starts_anew(scope):
    blob = upload(scope, DATA)
    before = Holding.objects.get().uploaded_at
    assert begin(scope, DATA).is_present
    assert Holding.objects.get().uploaded_at > before
    with pytest.raises(WrongSize):
        services.begin_upload(scope=scope, sha256=blob.sha256, size=5)


def test_another_scope_is_told_nothing_and_stores_nothing_twice(scope, storage_dir):
    upload(scope, DATA)
    other = services.new_scope()
    assert not begin(other, DATA).is_present
    upload(other, DATA)
    assert Blob.objects.count() == 1 and Holding.objects.count() == 2
    assert len([path for path in (storage_dir / "sha256").rglob("*") if path.is_file()]) == 1


def test_damaged_bytes_are_asked_for_and_healed(scope, stored_path):
    blob = upload(scope, DATA)
    stored_path(blob.sha256).write_bytes(b"rot")
    Blob.objects.update(condition=Condition.DAMAGED)
    assert not begin(scope, DATA).is_present
    upload(scope, DATA)
    assert Blob.objects.get().condition == Condition.UNCHECKED
    assert stored(blob) == DATA


def test_too_large(scope, settings):
    settings.MAX_FILE_SIZE = 1000
    with pytest.raises(TooLarge, match="1,024"):
        begin(scope, DATA)


def test_no_space_for_what_is_announced(scope):
    with pytest.raises(OutOfSpace, match="bytes left"):
        services.begin_upload(scope=scope, sha256="a" * 64, size=4 * 1024**4)


@pytest.mark.parametrize("call", ["pwrite", "posix_fallocate", "fsync"])
def test_a_disk_that_fills_up_keeps_what_was_received(scope, in_parts, monkeypatch, call, incoming):
    def full(*arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    data, small = os.urandom(110), b"small"
    plan, single = begin(scope, data), begin(scope, small)
    send(plan, 1, data)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(OutOfSpace):
            send(single, 1, small)
    assert [path.name for path in incoming()] == [plan.upload_id]
    assert begin(scope, data).received == {1}
    send(single, 1, small)
    for number in range(2, 12):
        send(plan, number, data)
    assert stored(services.finish_upload(upload_id=plan.upload_id)) == data


def test_finish_waits_for_writers_and_then_says_busy(scope, in_parts, monkeypatch):
    data = os.urandom(100)
    plan = begin(scope, data)
    for number in range(1, 11):
        send(plan, number, data)
    monkeypatch.setattr("hub.storage.services.uploads._PATIENCE", 0.05)
    backend = services.uploads.get_backend()
    with backend.open_staged(plan.upload_id, 100), pytest.raises(UploadBusy):
        services.finish_upload(upload_id=plan.upload_id)
    services.finish_upload(upload_id=plan.upload_id)


def test_a_finish_that_died_between_rename_and_row_is_finished(scope, in_parts, monkeypatch):
    data = os.urandom(100)
    plan = begin(scope, data)
    for number in range(1, 11):
        send(plan, number, data)
    with monkeypatch.context() as patch:
        patch.setattr("hub.storage.services.blobs.add_rows", lambda **fields: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.finish_upload(upload_id=plan.upload_id)
    assert begin(scope, data).received == set(range(1, 11))
    assert stored(services.finish_upload(upload_id=plan.upload_id)) == data


def test_lost_staging_is_asked_for_again(scope, in_parts, incoming):
    data = os.urandom(100)
    plan = begin(scope, data)
    for number in range(1, 11):
        send(plan, number, data)
    incoming()[0].unlink()
    with pytest.raises(BadPart, match="gone"):
        services.finish_upload(upload_id=plan.upload_id)
    assert begin(scope, data).received == frozenset()


def test_part_of_an_upload_that_was_dropped_meanwhile_leaves_nothing(scope, in_parts, incoming):
    data = os.urandom(100)
    plan = begin(scope, data)

    class Dropping(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:
            Upload.objects.all().delete()
            return super().readinto(buffer)

    with pytest.raises(UploadNotFound):
        services.receive_part(upload_id=plan.upload_id, number=1, body=Dropping(data[:10]), length=10)
    assert not incoming()


def test_a_client_without_parts_gets_one(scope, in_parts, incoming):
    data = os.urandom(100)
    send(begin(scope, data), 1, data)
    plan = services.begin_upload(scope=scope, sha256=digest(data), size=100, single=True)
    assert (plan.part_count, plan.received, incoming()) == (1, frozenset(), [])
    send(plan, 1, data)
    services.finish_upload(upload_id=plan.upload_id)


def test_huge_files_stay_below_the_most_parts(scope, settings, monkeypatch):
    monkeypatch.setattr("hub.storage.backends.local.LocalBackend.free_space", lambda self: 1 << 50)
    plan = services.begin_upload(scope=scope, sha256="a" * 64, size=settings.MAX_FILE_SIZE)
    assert plan.part_count <= 10_000 and plan.part_size % (1 << 20) == 0
