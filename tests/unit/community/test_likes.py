"""Likes: one each, counted in step, never a way to see."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import ANONYMOUS
from hub.catalog.errors import RepoNotFound
from hub.catalog.models import CatalogEvent
from hub.catalog.services import update_settings
from hub.community import selectors, services
from hub.core.errors import NotSignedIn
from tests.factories import make_repo, viewer_of


def likes(repo) -> int:
    repo.refresh_from_db(fields=["likes"])
    return repo.likes


def test_one_each(repo, ada, bob):
    before = CatalogEvent.objects.count()
    for person in (ada, ada, bob):
        services.like(by=viewer_of(person), repo=repo)
    assert likes(repo) == 2 and CatalogEvent.objects.count() == before + 2
    assert [like.user for like in selectors.likers_of(ANONYMOUS, repo)] == [bob, ada]
    services.unlike(by=viewer_of(ada), repo=repo)
    services.unlike(by=viewer_of(ada), repo=repo)
    assert likes(repo) == 1


def test_who_may(repo, ada):
    with pytest.raises(NotSignedIn):
        services.like(by=ANONYMOUS, repo=repo)
    with pytest.raises(NotAllowed):
        services.like(by=viewer_of(ada, "read"), repo=repo)
    with pytest.raises(NotAllowed):
        services.like(by=viewer_of(ada, "write", repositories=[make_repo().public_id]), repo=repo)
    with pytest.raises(RepoNotFound):
        services.like(by=viewer_of(ada), repo=make_repo(private=True))
    assert likes(repo) == 0


def test_what_turns_private_is_liked_in_silence(repo, user, ada):
    services.like(by=viewer_of(ada), repo=repo)
    assert [like.repo for like in selectors.likes_of(ANONYMOUS, ada)] == [repo]
    update_settings(by=viewer_of(user), repo=repo, private=True)
    assert list(selectors.likes_of(viewer_of(ada), ada)) == []
    assert [like.repo for like in selectors.likes_of(viewer_of(user), ada)] == [repo]
    with pytest.raises(RepoNotFound):
        selectors.likers_of(ANONYMOUS, repo)


def test_how_one_stands(repo, ada, django_assert_num_queries):
    services.like(by=viewer_of(ada), repo=repo)
    services.watch_repo(by=viewer_of(ada), repo=repo)
    with django_assert_num_queries(1):
        assert selectors.stance(viewer_of(ada), repo) == selectors.Stance(is_liked=True, is_watched=True)
    with django_assert_num_queries(0):
        assert selectors.stance(ANONYMOUS, repo) == selectors.Stance()
