import datetime as dt
import io

import pytest

from hub.core import clock
from hub.core.errors import OutOfSpace, TooLarge
from hub.storage import services
from hub.storage.backends import get_backend, xorb_key
from hub.storage.models import Blob, Condition, ScopeXorb, Xorb
from hub.storage.services import xet
from hub.storage.xet.errors import BadXorb
from hub.storage.xet.xorb import MAX_BODY
from tests.unit.storage.xet.forms import SAMPLE, FileEntry, make_shard, make_xorb

pytestmark = pytest.mark.django_db(transaction=True)
NAME, BODY = make_xorb(SAMPLE, 1)


def stored() -> list[str]:
    return sorted(item.key for place in ("xorbs", "incoming") for item in get_backend().list(place))


def send(scope, name=NAME, body=BODY, length=None) -> bool:
    return xet.receive_xorb(scope=scope, xorb_hash=name, body=io.BytesIO(body), length=length or len(body))


def test_a_xorb_is_stored_once(scope, storage_dir):
    assert send(scope) is True
    assert send(scope) is False
    assert stored() == [xorb_key(NAME)]
    assert (storage_dir / xorb_key(NAME)).read_bytes() == BODY
    row = Xorb.objects.get()
    assert (row.chunk_count, row.raw_size, row.disk_size) == (20, sum(map(len, SAMPLE)), len(BODY))
    assert len(row.index) == 40 * 20


def test_the_first_serialization_stays(scope, storage_dir):
    send(scope)
    assert send(scope, body=make_xorb(SAMPLE, 0)[1]) is False
    assert (storage_dir / xorb_key(NAME)).read_bytes() == BODY


def test_another_scope_must_bring_the_bytes_and_is_told_nothing(scope):
    other = services.new_scope()
    send(scope)
    assert send(other) is True
    assert ScopeXorb.objects.count() == 2
    assert Xorb.objects.count() == 1


def test_a_footer_is_dropped(scope, storage_dir):
    send(scope, body=BODY + b"XETBLOB" + bytes(900))
    assert (storage_dir / xorb_key(NAME)).read_bytes() == BODY
    assert stored() == [xorb_key(NAME)]


def test_a_repeat_counts_as_a_reference(scope):
    send(scope)
    Xorb.objects.update(referenced_at=clock.now() - dt.timedelta(days=30))
    send(scope)
    assert clock.now() - Xorb.objects.get().referenced_at < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "body", "length"),
    [
        (NAME, make_xorb(SAMPLE[:19])[1], None),
        (make_xorb(SAMPLE[:3])[0], BODY, None),
        (NAME, BODY[:-1], len(BODY)),
        (NAME, BODY[:-1], None),
        (NAME.upper(), BODY, None),
        (NAME, b"", 0),
    ],
    ids=["other content", "other name", "truncated", "cut off", "malformed name", "empty"],
)
def test_what_is_wrong_leaves_nothing(scope, name, body, length):
    with pytest.raises(BadXorb):
        send(scope, name, body, length)
    assert stored() == []
    assert not Xorb.objects.exists()


def test_a_body_over_the_limit_is_not_read(scope):
    body = io.BytesIO(b"x")
    with pytest.raises(TooLarge):
        xet.receive_xorb(scope=scope, xorb_hash=NAME, body=body, length=MAX_BODY + 1)
    assert body.tell() == 0


def test_a_broken_connection_is_a_truncated_body(scope):
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise OSError("gone")

    with pytest.raises(BadXorb):
        xet.receive_xorb(scope=scope, xorb_hash=NAME, body=Broken(), length=10)


def test_a_full_disk_leaves_nothing(scope, monkeypatch):
    monkeypatch.setattr("hub.storage.backends.local.LocalBackend.free_space", lambda self: 10)
    with pytest.raises(OutOfSpace):
        send(scope)
    assert stored() == []


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_lost_bytes_are_taken_again_and_heal_what_lay_in_them(scope, storage_dir, push_shard, harm):
    send(scope)
    push_shard(scope, make_shard([FileEntry([(SAMPLE, 0, 20)])]))
    if harm == "gone":
        (storage_dir / xorb_key(NAME)).unlink()
    else:
        (storage_dir / xorb_key(NAME)).write_bytes(b"\1" + BODY[1:])
        Xorb.objects.update(condition=Condition.DAMAGED)
        Blob.objects.update(condition=Condition.DAMAGED)
    assert send(scope, body=make_xorb(SAMPLE, 0)[1]) is True
    assert xet.check_xorb(Xorb.objects.get()) == Condition.GOOD
    assert Blob.objects.get().condition == Condition.UNCHECKED
    sha256 = Blob.objects.get().sha256
    assert services.read_range(sha256=sha256, start=0, length=10**9) == b"".join(SAMPLE)


def test_checking_a_stored_xorb(scope, storage_dir):
    send(scope)
    row, path = Xorb.objects.get(), storage_dir / xorb_key(NAME)
    assert xet.check_xorb(row) == Condition.GOOD
    for damage in (BODY[:-1], BODY + b"\0", BODY + b"XETBLOB", BODY[:100] + b"?" + BODY[101:], make_xorb(SAMPLE)[1]):
        path.write_bytes(damage)
        assert xet.check_xorb(row) == Condition.DAMAGED
    path.unlink()
    assert xet.check_xorb(row) == Condition.MISSING
