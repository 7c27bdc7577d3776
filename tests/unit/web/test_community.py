"""Likes, watching, collections and notifications on pages."""

import re

import pytest

from hub.community import selectors, services
from hub.community.models import Notification
from tests.factories import make_repo, make_user, viewer_of


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status, response.content[-2000:]
    return response.content.decode()


@pytest.fixture
def mine(user):
    return services.create_collection(by=viewer_of(user), owner=user.namespace, title="Weld <b>finders</b>")


def test_like_and_watch_in_the_banner(signed_in, url):
    here = f"{url}/tree/main"
    for deed, on, off in (("like", "Liked", "Like"), ("watch", "Watched", "Watch")):
        assert signed_in.post(f"{url}/{deed}", {"on": "yes", "next": here})["Location"] == here
        assert f"{on}<span" in text_of(signed_in.get(url))
        assert signed_in.post(f"{url}/{deed}", {"on": "no", "next": "https://evil.example/"})["Location"] == url
        assert f"</svg>{off}<" in re.sub(r"\s+<", "<", text_of(signed_in.get(url)))
    assert signed_in.get(f"{url}/like").status_code == 405


def test_a_visitor_is_sent_to_sign_in(client, url):
    assert "0 likes" in text_of(client.get(url))
    assert client.post(f"{url}/like", {"on": "yes"})["Location"].startswith("/login?next=")


def test_who_likes_it_and_what_one_likes(client, signed_in, model, user):
    fan = make_user(full_name="A Fan")
    for person in (fan, user):
        services.like(by=viewer_of(person), repo=model)
    text = text_of(client.get(f"/{model.full_name}/likers"))
    assert "A Fan" in text and user.username in text
    assert f'href="/{model.full_name}"' in text_of(signed_in.get("/likes"))


def test_making_a_collection_that_begins_with_something(signed_in, model, user):
    text = text_of(signed_in.get(f"/{model.full_name}/collect"))
    assert "You have no collection yet" in text
    address = re.search(r'href="(/collections/new\?add=[^"]+)"', text)[1]
    form = {"owner": user.username, "title": "Seams", "description": "All of them", "visibility": "public"}
    made = signed_in.post(address, form)["Location"]
    assert made.startswith(f"/collections/{user.username}/seams-")
    assert f'href="/{model.full_name}"' in text_of(signed_in.get(made))
    assert "already" in text_of(signed_in.post(address, form), 422)
    assert "Seams" in text_of(signed_in.get(f"/collections?owner={user.username}"))


def test_filling_and_sorting_one(visitor, signed_in, mine, user):
    at = f"/collections/{user.username}/{mine.address}"
    for name in ("first", "second"):
        make_repo(name, owner=user)
        form = {"collection": mine.public_id, "note": f"note on {name}"}
        assert signed_in.post(f"/{user.username}/{name}/collect", form)["Location"] == at
    again = signed_in.post(f"/{user.username}/first/collect", {"collection": mine.public_id})
    assert again.status_code == 409 and "It is in there already" in text_of(
        signed_in.get(f"/{user.username}/first/collect")
    )
    text = text_of(signed_in.get(at))
    forms = re.findall(rf'action="({at}/items/\w+)"', text)
    assert signed_in.post(forms[-1], {"position": "0"})["Location"] == at
    signed_in.post(forms[-1], {"deed": "note", "note": "<i>better</i>"})
    text = text_of(visitor.get(at))
    assert (
        text.index("/second") < text.index("/first") and "&lt;i&gt;better" in text and '<form class="item' not in text
    )
    assert "Weld &lt;b&gt;finders" in text
    signed_in.post(forms[-1], {"deed": "remove"})
    assert "second" not in text_of(visitor.get(at))


def test_editing_and_deleting_one(visitor, signed_in, mine, user):
    at = f"/collections/{user.username}/{mine.address}"
    assert "Weld &lt;b&gt;" in text_of(signed_in.get(f"{at}/edit"))
    form = {"title": "Others", "description": "", "visibility": "private"}
    moved = signed_in.post(f"{at}/edit", form)["Location"]
    assert visitor.get(at).status_code == visitor.get(moved).status_code == 404
    visitor.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert visitor.get(f"{moved}/edit").status_code == visitor.post(f"{moved}/delete").status_code == 404
    assert signed_in.post(f"{moved}/delete")["Location"] == "/collections"
    assert signed_in.get(moved).status_code == 404


def test_notifications(signed_in, user):
    fan = make_user("fan")
    repo, base = make_repo("welds", owner=user), make_repo("base", owner=user)
    for number, kind in enumerate(Notification.Kind.values):
        named = {"made-from": {"base": base}, "tag": {"word": "v1"}, "expiring": {"word": "7"}}.get(kind, {})
        Notification.objects.create(user=user, repo=repo, kind=kind, by=fan.username, count=number + 1, **named)
    text = re.sub(r"<[^>]+>", "", text_of(signed_in.get("/notifications")))
    for words in ("1 new commit in ", f"{repo} has a new version: v1", "fan made ", f"{repo} is public now",
                  "fan and 5 others like ", f"{repo} was made from {base}", "is called "):  # fmt: skip
        assert words in text
    count = len(Notification.Kind.values)
    assert f"{count} unread" in text
    first = Notification.objects.first()
    signed_in.post("/notifications", {"read": str(first.pk)})
    assert selectors.unread_count(viewer_of(user)) == count - 1
    signed_in.post("/notifications", {"read": "all"})
    assert "unread" not in re.sub(r"<[^>]+>", "", text_of(signed_in.get("/notifications")))


def test_home_says_what_waits(client, signed_in, user):
    assert "Nothing new." in text_of(signed_in.get("/"))
    repo = make_repo("welds", owner=user)
    Notification.objects.create(user=user, repo=repo, kind="tag", word="v7")
    assert "has a new version: v7" in text_of(signed_in.get("/"))
    services.mark_read(by=viewer_of(user), ids=None)
    assert "Nothing new." in text_of(signed_in.get("/"))
    client.logout()
    assert "Waiting for you" not in text_of(client.get("/"))


def test_the_watch_list(signed_in, model, user):
    owner = make_user("watched")
    signed_in.post("/watch/watched", {"on": "yes"})
    services.watch_repo(by=viewer_of(user), repo=model)
    text = text_of(signed_in.get("/notifications"))
    assert f'action="/{model.full_name}/watch"' in text and 'action="/watch/watched"' in text
    signed_in.post("/watch/watched", {"on": "no", "next": "/notifications"})
    assert not selectors.is_watching(viewer_of(user), owner.namespace)


@pytest.mark.parametrize("path", ["/notifications", "/likes", "/settings", "/settings/profile", "/collections/new"])
def test_for_those_signed_in(client, path, db):
    assert client.get(path)["Location"] == f"/login?next={path}"


@pytest.mark.parametrize("path", ["/notifications", "/likes", "/collections", "/{at}", "/{at}/likers", "/{owner}", "/"])
def test_pages_cost_the_same_for_many(signed_in, user, path, django_assert_max_num_queries, mine):
    def grow():
        repo = make_repo(owner=user, files={"README.md": b"---\nlicense: mit\n---\n# Some\n"})
        services.like(by=viewer_of(user), repo=repo)
        services.watch_repo(by=viewer_of(user), repo=repo)
        services.add_item(by=viewer_of(user), collection=mine, repo=repo)
        Notification.objects.create(user=user, repo=repo, kind="commit")
        return repo

    path = path.format(at=grow(), owner=user.username)
    with django_assert_max_num_queries(30) as one:
        text_of(signed_in.get(path))
    most = len(one)
    for _ in range(4):
        grow()
    signed_in.get(path)  # the first search after a write asks once what was written
    with django_assert_max_num_queries(most):
        text_of(signed_in.get(path))


def test_the_masthead_asks_once(client, signed_in, user, django_assert_num_queries):
    with django_assert_num_queries(5):  # session, user, memberships, unread, what they review
        text_of(signed_in.get("/ui/"))
