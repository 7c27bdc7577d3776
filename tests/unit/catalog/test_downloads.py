import pytest

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
    with django_assert_num_queries(3):  # savepoint, update, release
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
