import datetime as dt
import os
import sys
from types import ModuleType

import pytest

from hub.core import clock
from hub.storage import services
from hub.storage.models import Blob, Condition, XetFile, Xorb

GOOD, DAMAGED, MISSING = Condition.GOOD, Condition.DAMAGED, Condition.MISSING


@pytest.fixture
def found(monkeypatch) -> dict[str, Condition]:
    """What a look at each xorb finds, by hash."""
    conditions: dict[str, Condition] = {}
    module = ModuleType("hub.storage.services.xet")
    module.check_xorb = lambda xorb: conditions[xorb.hash]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return conditions


def test_a_flipped_byte_and_a_lost_file_are_found_and_healed(scope, stored_path):
    flipped, lost, fine = (services.store_bytes(scope=scope, data=data) for data in (b"flip", b"lose", b"fine"))
    stored_path(flipped.sha256).write_bytes(b"flap")
    stored_path(lost.sha256).unlink()
    report = services.scrub()
    assert {(finding.name, finding.condition) for finding in report.findings} == {
        (flipped.sha256, DAMAGED),
        (lost.sha256, MISSING),
    }
    fine.refresh_from_db()
    assert fine.condition == GOOD and fine.checked_at is not None and report.checked == 3

    stored_path(flipped.sha256).write_bytes(b"flip")
    stored_path(lost.sha256).write_bytes(b"lose")
    report = services.scrub()
    assert set(report.healed) == {flipped.sha256, lost.sha256} and not report.findings
    assert not Blob.objects.exclude(condition=GOOD).exists()


def test_the_longest_unseen_first_within_the_limit(scope):
    blobs = [services.store_bytes(scope=scope, data=os.urandom(10)) for _ in range(4)]
    now = clock.now()
    for blob, days in zip(blobs, [3, 1, 2, None], strict=True):
        Blob.objects.filter(pk=blob.pk).update(checked_at=days and now - dt.timedelta(days=days))
    services.scrub(limit_bytes=15)
    seen = Blob.objects.filter(checked_at__gte=now)
    assert set(seen) == {blobs[3], blobs[0]}
    report = services.scrub(older_than_days=2)
    assert report.checked == 1 and set(seen.all()) == {blobs[3], blobs[0], blobs[2]}


def test_bytes_that_were_replaced_meanwhile_are_not_called_damaged(scope, monkeypatch):
    blob = services.store_bytes(scope=scope, data=b"renewed")

    def renew(item: Blob) -> Condition:
        Blob.objects.update(checked_at=clock.now())
        return DAMAGED

    monkeypatch.setattr(sys.modules["hub.storage.services.scrub"], "_look", renew)
    assert not services.scrub().findings
    blob.refresh_from_db()
    assert blob.condition == Condition.UNCHECKED


def test_a_device_that_fails_to_read_is_damage(scope, monkeypatch):
    services.store_bytes(scope=scope, data=b"unreadable")

    def fail(*arguments: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", fail)
    assert services.scrub().findings[0].condition == DAMAGED


def test_a_content_is_as_good_as_its_worst_xorb(db, found):
    xet_file = XetFile.objects.create(hash="f" * 64, size=4, segments=b"")
    for name in ("a", "b"):
        xet_file.xorbs.add(Xorb.objects.create(hash=name * 64, chunk_count=1, raw_size=2, disk_size=2, index=b""))
    blob = Blob.objects.create(sha256="c" * 64, size=4, xet_file=xet_file)
    found |= {"a" * 64: DAMAGED, "b" * 64: GOOD}
    finding = services.scrub().findings[0]
    assert (finding.sort, finding.name, finding.blobs) == ("xorb", "a" * 64, ("c" * 64,))
    blob.refresh_from_db()
    assert blob.condition == DAMAGED

    found |= {"a" * 64: GOOD}
    assert services.scrub().healed == ("a" * 64,)
    blob.refresh_from_db()
    assert blob.condition == GOOD
    assert blob.checked_at == min(Xorb.objects.values_list("checked_at", flat=True))


def test_orphans_are_listed_in_a_full_run(scope, storage_dir):
    services.store_bytes(scope=scope, data=b"known")
    orphan = storage_dir / "sha256" / "ab" / "cd" / ("abcd" + "0" * 60)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"unknown")
    assert services.scrub().orphans == ()
    os.utime(orphan, (0, 0))
    assert services.scrub(limit_bytes=100).orphans == ()
    assert [key for key, _ in services.scrub().orphans] == [f"sha256/ab/cd/{orphan.name}"]
