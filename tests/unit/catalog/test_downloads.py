import pytest
from django.db import OperationalError, connection

from hub.catalog import services
from hub.catalog.services import downloads
from tests.factories import make_repo

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "INTERVAL", 3600.0)
    downloads._buffer.take()


def test_many_downloads_are_one_update(django_assert_num_queries) -> None:
    first, second = make_repo(), make_repo()
    for repo in (first, first, second):
        services.count_download(repo)
    first.refresh_from_db()
    assert first.downloads == 0
    # Savepoint, update, which are there, days, events for the index, release; PostgreSQL: the events' lock.
    with django_assert_num_queries(7 if connection.vendor == "postgresql" else 6):
        services.flush_downloads()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.downloads, second.downloads) == (2, 1)
    with django_assert_num_queries(0):
        services.flush_downloads()


def test_what_cannot_be_written_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo()
    services.count_download(repo)
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "_write", lambda counts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.flush_downloads()
    services.count_download(repo)
    services.flush_downloads()
    repo.refresh_from_db()
    assert repo.downloads == 2


@pytest.mark.django_db(transaction=True)
def test_the_timer_writes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "INTERVAL", 0.05)
    repo = make_repo()
    services.count_download(repo)
    timer = downloads._buffer._timer
    assert timer
    timer.join(timeout=20)
    repo.refresh_from_db()
    assert repo.downloads == 1


def test_a_write_that_fails_is_one_line_and_counted_later(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    repo = make_repo()
    services.count_download(repo)
    with monkeypatch.context() as patch:
        patch.setattr(downloads, "flush_downloads", _no_database)
        patch.setattr(downloads.connection, "close", lambda: None)
        downloads._flush_later()
        downloads._flush_at_exit()
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("WARNING", None)] * 2
    services.flush_downloads()
    repo.refresh_from_db()
    assert repo.downloads == 1


def test_an_error_that_is_no_databases_ends_the_thread_and_not_the_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    services.count_download(make_repo())
    monkeypatch.setattr(downloads, "flush_downloads", lambda: 1 / 0)
    monkeypatch.setattr(downloads.connection, "close", lambda: None)
    with pytest.raises(ZeroDivisionError):
        downloads._flush_later()
    downloads._flush_at_exit()


def test_a_download_during_a_write_starts_a_timer_that_stays() -> None:
    repo = make_repo()
    services.count_download(repo)
    downloads._buffer.fired()
    services.count_download(repo)
    second = downloads._buffer._timer
    assert second is not None and not second.finished.is_set()


def _no_database() -> None:
    raise OperationalError("no database")
