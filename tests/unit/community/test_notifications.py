"""Who is told what, and what is told no more."""

import logging

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import services as catalog
from hub.catalog.operations import AddInline
from hub.celery import app
from hub.community import selectors, services
from hub.community.models import Notification
from hub.core import clock
from tests.factories import make_org, make_repo, make_user, viewer_of


def push(repo, by, number: int = 0) -> None:
    data = AddInline(path="file.txt", data=b"%d" % number)
    catalog.commit(by=viewer_of(by), repo=repo, revision="main", operations=[data], title="Change")


def news(person) -> list[tuple[str, str, int]]:
    return [(note.kind, note.repo.name, note.count) for note in selectors.notifications_of(viewer_of(person))]


def test_many_commits_are_one_notification(repo, user, ada, told):
    services.watch_repo(by=viewer_of(ada), repo=repo)
    services.watch_repo(by=viewer_of(user), repo=repo)
    with told():
        for number in range(3):
            push(repo, user, number)
    assert news(ada) == [("commit", repo.name, 3)] and news(user) == []
    assert selectors.unread_count(viewer_of(ada)) == 1
    services.mark_read(by=viewer_of(ada))
    with told():
        push(repo, user, 9)
    assert news(ada) == [("commit", repo.name, 1), ("commit", repo.name, 3)]


def test_branches_are_not_told(repo, user, ada, told):
    services.watch_repo(by=viewer_of(ada), repo=repo)
    with told():
        catalog.create_branch(by=viewer_of(user), repo=repo, name="side")
        data = [AddInline(path="a", data=b"a")]
        catalog.commit(by=viewer_of(user), repo=repo, revision="side", operations=data, title="Aside")
    assert news(ada) == []


def test_tags_names_and_visibility(repo, user, ada, told):
    services.watch_repo(by=viewer_of(ada), repo=repo)
    by = viewer_of(user)
    with told():
        catalog.create_tag(by=by, repo=repo, name="v1")
        catalog.create_tag(by=by, repo=repo, name="v2")
        catalog.move_repo(by=by, repo=repo, to_owner=user.username, to_name="better")
        catalog.update_settings(by=by, repo=repo, private=False)
    assert sorted(news(ada)) == [("moved", "better", 1), ("tag", "better", 1), ("tag", "better", 1)]


def test_watching_an_owner(user, ada, told):
    services.watch_owner(by=viewer_of(ada), owner=user.namespace)
    with told():
        made = make_repo("fresh", owner=user, files={"a": b"a"})
        hidden = make_repo("hidden", owner=user, private=True, files={"a": b"a"})
    assert news(ada) == [("created", made.name, 1)]
    with told():
        catalog.update_settings(by=viewer_of(user), repo=hidden, private=False)
    assert news(ada)[0] == ("visibility", "hidden", 1)
    services.unwatch_owner(by=viewer_of(ada), owner=user.namespace)
    with told():
        push(made, user, 2)
    assert len(news(ada)) == 2


def test_what_turned_private_tells_nothing(repo, user, ada, told):
    services.watch_repo(by=viewer_of(ada), repo=repo)
    with told():
        push(repo, user)
    with told():
        catalog.update_settings(by=viewer_of(user), repo=repo, private=True)
        push(repo, user, 1)
    assert news(ada) == [] and selectors.unread_count(viewer_of(ada)) == 0
    assert not selectors.watches_of(viewer_of(ada))
    catalog.update_settings(by=viewer_of(user), repo=repo, private=False)
    assert news(ada) == [("commit", repo.name, 1)]


def test_members_are_told_of_what_is_private(ada, bob, told):
    org = make_org("team", admin=ada, read=bob)
    services.watch_owner(by=viewer_of(bob), owner=org.namespace)
    with told():
        catalog.create_repo(by=viewer_of(ada), kind="model", owner="team", name="inner", private=True)
    assert news(bob) == [("created", "inner", 1)]


def test_likes_of_ones_own(ada, bob, told):
    org = make_org("team", admin=ada, write=bob)
    repo = make_repo("liked", owner="team")
    with told():
        for person in (make_user(), make_user(), ada):
            services.like(by=viewer_of(person), repo=repo)
    assert news(ada) == [("liked", "liked", 2)] and news(bob) == [] and org


def test_what_is_made_from_ones_own(user, ada, bob, told):
    base = make_repo("base", owner=ada)
    card = {"README.md": b"---\nbase_model: ada/base\n---\n# Derived\n"}
    for name, private in (("open", False), ("hidden", True)):
        with told():
            derived = make_repo(name, owner=bob, private=private, files=card)
            push(derived, bob, 1)
    assert news(ada) == [("made-from", "open", 1)]
    catalog.update_settings(by=viewer_of(bob), repo=derived, private=False)
    assert base.key == "ada/base" and len(news(ada)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_push_outlives_the_broker(user, monkeypatch, caplog):
    def gone(*_, **__):
        raise ConnectionError("gone")

    monkeypatch.setattr(app, "send_task", gone)
    with caplog.at_level(logging.ERROR):
        repo = make_repo(owner=user, files={"a": b"a"})
    assert "gone" in caplog.text and repo.commits.count() == 2


def test_reading(repo, user, ada, bob, told):
    services.watch_repo(by=viewer_of(ada), repo=repo)
    with told():
        push(repo, user)
    (note,) = selectors.notifications_of(viewer_of(ada))
    services.mark_read(by=viewer_of(bob), ids=[note.pk])
    assert selectors.unread_count(viewer_of(ada)) == 1
    services.mark_read(by=viewer_of(ada), ids=[note.pk])
    assert selectors.unread_count(viewer_of(ada)) == 0 == selectors.unread_count(ANONYMOUS)


def test_what_was_read_long_ago_is_forgotten(repo, ada):
    for read_at in (clock.now(), clock.now() - services.notifications.KEPT * 2, None):
        Notification.objects.create(user=ada, repo=repo, kind="commit", read_at=read_at)
    assert services.forget_read() == 1 and Notification.objects.count() == 2


@pytest.mark.parametrize("change", ["commit", "liked"])
def test_a_repository_that_is_gone(db, change):
    services.tell_of_change(repo_id=12345, kind=change, by="ada")
    services.tell_of_like(repo_id=12345, by="ada")
    assert not Notification.objects.exists()
