"""Who pulled what and when, who may know, and what trends."""

import datetime as dt

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import selectors, services
from hub.catalog.models import CatalogEvent, PullDay
from hub.catalog.services.trends import score
from hub.core import clock
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def pulled(repo, ago: int, count: int, by: str = "") -> None:
    PullDay.objects.create(repo=repo, day=clock.now().date() - dt.timedelta(days=ago), count=count, by=by)


def test_pulls_add_up_by_day_and_user(repo, user) -> None:
    for viewer in (ANONYMOUS, viewer_of(user), ANONYMOUS):
        services.count_download(repo, by=viewer)
    services.flush_downloads()
    services.count_download(repo)
    services.flush_downloads()
    assert dict(PullDay.objects.values_list("by", "count")) == {"": 3, user.username: 1}
    repo.refresh_from_db()
    assert repo.downloads == 4


def test_a_repository_that_went_away_takes_nothing_with_it(repo, user) -> None:
    gone = make_repo(owner=user)
    for each in (gone, repo):
        services.count_download(each)
    services.delete_repo(by=viewer_of(user), repo=gone)
    services.flush_downloads()
    assert PullDay.objects.get().repo_id == repo.pk


def test_each_of_ninety_days(repo) -> None:
    for ago, count in ((0, 2), (89, 5), (90, 7)):
        pulled(repo, ago, count)
    use = selectors.use_of(ANONYMOUS, repo)
    assert (len(use.days), use.days[0][1], use.days[-1][1], use.recent) == (90, 5, 2, 7)
    assert use.last == clock.now().date()


def test_admins_alone_learn_who_pulled() -> None:
    people = {role: make_user() for role in ("read", "write", "admin")}
    org = make_org(**people)
    repo = make_repo(owner=org.namespace.name)
    pulled(repo, 1, 3, by="zoe")
    pulled(repo, 2, 4)
    for viewer in (ANONYMOUS, viewer_of(make_user()), viewer_of(people["read"]), viewer_of(people["write"])):
        assert selectors.use_of(viewer, repo).pullers is None
    for viewer in (viewer_of(people["admin"]), viewer_of(make_user(is_admin=True))):
        pullers = selectors.use_of(viewer, repo).pullers
        assert pullers and [(each.name, each.count) for each in pullers] == [("", 4), ("zoe", 3)]


def test_what_trends_is_written_where_it_moved(user) -> None:
    new, old, still = (make_repo(owner=user) for _ in range(3))
    pulled(new, 0, 10)
    pulled(old, 7, 10)
    pulled(still, 200, 1000)
    CatalogEvent.objects.all().delete()
    assert services.refresh_trends() == 2
    for repo, trending in ((new, 10.0), (old, 5.0), (still, 0.0)):
        repo.refresh_from_db()
        assert repo.trending == pytest.approx(trending)
    assert set(CatalogEvent.objects.values_list("repo_id", flat=True)) == {new.pk, old.pk}
    assert services.refresh_trends() == 0
    PullDay.objects.all().delete()
    assert services.refresh_trends() == 2
    new.refresh_from_db()
    assert new.trending == 0


def test_likes_weigh_and_do_not_trend_alone() -> None:
    assert score(10.0, 0) == 10.0 < score(10.0, 5) < score(10.0, 500) < 30
    assert score(0.0, 10_000) == 0.0
