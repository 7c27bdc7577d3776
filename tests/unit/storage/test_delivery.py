import pytest

from hub.storage import services
from hub.storage.errors import BadRange, BlobNotFound, BytesDamaged
from hub.storage.models import Blob, Condition, XetFile
from hub.storage.selectors import find_blob

DATA = b"0123456789"


@pytest.fixture
def blob(scope) -> Blob:
    return services.store_bytes(scope=scope, data=DATA)


@pytest.fixture
def xet(monkeypatch) -> None:
    """Xorbs that give back DATA."""
    monkeypatch.setattr(
        "hub.storage.services.delivery.rebuild", lambda xet_file, start, length: iter([DATA[start : start + length]])
    )


@pytest.mark.parametrize(
    ("start", "length", "expected"), [(0, None, DATA), (3, 2, b"34"), (8, 50, b"89"), (10, None, b""), (0, 0, b"")]
)
def test_ranges(blob, start, length, expected):
    delivery = services.deliver(sha256=blob.sha256, start=start, length=length)
    assert isinstance(delivery, services.LocalFile)
    assert (delivery.start, delivery.length, delivery.size) == (start, len(expected), 10)
    assert delivery.path.read_bytes()[delivery.start :][: delivery.length] == expected
    assert services.read_range(sha256=blob.sha256, start=start, length=10 if length is None else length) == expected


@pytest.mark.parametrize(("start", "length"), [(11, None), (-1, 3), (0, -1)])
def test_bad_ranges(blob, start, length):
    with pytest.raises(BadRange) as error:
        services.deliver(sha256=blob.sha256, start=start, length=length)
    assert error.value.detail["size"] == 10


def test_unknown(db):
    with pytest.raises(BlobNotFound):
        services.deliver(sha256="../../../etc/passwd")


@pytest.mark.parametrize("condition", [Condition.DAMAGED, Condition.MISSING])
def test_bad_bytes_are_not_served(blob, condition):
    Blob.objects.update(condition=condition)
    with pytest.raises(BytesDamaged):
        services.deliver(sha256=blob.sha256)
    with pytest.raises(BytesDamaged):
        services.read_range(sha256=blob.sha256, start=0, length=1)


def test_bytes_that_are_gone_or_cut_short_are_not_served(blob, stored_path):
    stored_path(blob.sha256).write_bytes(DATA[:4])
    with pytest.raises(BytesDamaged, match="cut short"):
        services.deliver(sha256=blob.sha256)
    with pytest.raises(BytesDamaged, match="cut short"):
        services.read_range(sha256=blob.sha256, start=0, length=10)
    stored_path(blob.sha256).unlink()
    with pytest.raises(BytesDamaged, match="gone"):
        services.deliver(sha256=blob.sha256)
    with pytest.raises(BytesDamaged, match="gone"):
        services.read_range(sha256=blob.sha256, start=0, length=1)


@pytest.mark.parametrize(("is_whole", "condition"), [(False, Condition.GOOD), (True, Condition.DAMAGED)])
def test_what_lies_in_xorbs_is_streamed(blob, xet, is_whole, condition):
    """Also when there is a whole file that is damaged."""
    xet_file = XetFile.objects.create(hash="f" * 64, size=10, segments=b"")
    Blob.objects.update(is_whole=is_whole, xet_file=xet_file, condition=condition)
    delivery = services.deliver(sha256=blob.sha256, start=2, length=3)
    assert isinstance(delivery, services.Stream)
    assert (b"".join(delivery.chunks), delivery.length, delivery.size) == (b"234", 3, 10)
    assert services.read_range(sha256=blob.sha256, start=2, length=3) == b"234"
    assert find_blob(blob.sha256).xet_file == xet_file


def test_stats(blob):
    Blob.objects.update(condition=Condition.DAMAGED)
    stats = services.stats()
    assert (stats.blobs, stats.bytes, stats.xorbs, stats.disk_bytes, stats.damaged) == (1, 10, 0, 10, 1)
    assert stats.free_bytes > 0
