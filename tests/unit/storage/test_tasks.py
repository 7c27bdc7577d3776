import datetime as dt
import os

from hub.core import clock
from hub.storage import services, tasks
from hub.storage.models import Blob, Holding
from tests.unit.storage.conftest import make_old


def test_names_are_those_that_are_scheduled(settings):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {tasks.scrub.name, tasks.collect_garbage.name} <= scheduled


def test_scrub_logs_what_is_bad_and_leaves_what_was_seen(scope, stored_path, caplog):
    bad, seen = (services.store_bytes(scope=scope, data=data) for data in (b"bad", b"seen"))
    stored_path(bad.sha256).unlink()
    recently = clock.now() - dt.timedelta(days=1)
    Blob.objects.filter(pk=seen.pk).update(checked_at=recently)
    tasks.scrub(from_a_newer_hub=True)
    assert f"blob {bad.sha256} is missing" in caplog.text
    assert Blob.objects.get(pk=seen.pk).checked_at == recently


def test_collect_garbage_frees(scope):
    services.store_bytes(scope=scope, data=os.urandom(9))
    make_old()
    tasks.collect_garbage()
    assert not Blob.objects.exists() and not Holding.objects.exists()


def test_the_share_grows_with_the_store(db):
    assert services.scrub_share() == 256 * 1024**2
    Blob.objects.create(sha256="a" * 64, size=10 * 1024**4, is_whole=True)
    assert services.scrub_share() == -(-10 * 1024**4 // 4320)
