"""Likes, collections and people on the wire."""

import json

import pytest

from hub.accounts.services import SYSTEM
from hub.catalog.services import update_settings
from hub.community import services
from tests.factories import make_org, make_repo, make_token, make_user, viewer_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(call, token):
    """`ask("POST", "/api/collections", title=…)`: status and JSON."""

    def send(method, target, token=token, **body):
        response = call(method, target, token=token, body=json.dumps(body).encode() if body else b"")
        return response.status_code, json.loads(response.content or b"null")

    return send


def test_likes(ask, repo, user):
    at = f"/api/models/{repo.full_name}"
    assert ask("POST", f"{at}/like")[0] == ask("POST", f"{at}/like")[0] == 200
    assert [person["user"] for person in ask("GET", f"{at}/likers", token="")[1]] == [user.username]
    (like,) = ask("GET", f"/api/users/{user.username}/likes", token="")[1]
    assert like["repo"] == {"name": repo.full_name, "type": "model"} and like["createdAt"].endswith("Z")
    assert ask("GET", at)[1]["likes"] == 1 == ask("GET", "/api/models")[1][0]["likes"]
    assert ask("DELETE", f"{at}/like")[0] == 200 and ask("GET", f"{at}/likers")[1] == []
    assert ask("POST", f"{at}/like", token="")[0] == 401
    assert ask("POST", f"{at}/like", token=make_token(user, "read"))[0] == 403


def test_likes_of_what_turned_private(ask, repo, user):
    fan = make_user()
    services.like(by=viewer_of(fan), repo=repo)
    update_settings(by=SYSTEM, repo=repo, private=True)
    assert ask("GET", f"/api/users/{fan.username}/likes", token=make_token(fan))[1] == []
    assert ask("GET", f"/api/models/{repo.full_name}/likers", token=make_token(fan))[0] == 404


def test_a_collection(ask, repo, user):
    _, made = ask("POST", "/api/collections", title="Good ones", namespace=user.username, description="Tried.")
    at = f"/api/collections/{made['slug']}"
    assert ask("POST", "/api/collections", title="good ones")[1]["slug"] == made["slug"]
    item = {"id": repo.full_name, "type": "model"}
    status, filled = ask("POST", f"{at}/items", item=item, note="the best")
    assert status == 200 and filled["items"][0]["note"]["text"] == "the best"
    assert ask("POST", f"{at}/items", item=item)[0] == 409
    assert ask("PATCH", f"{at}/items/{filled['items'][0]['_id']}", position=0, note="")[0] == 200
    assert ask("PATCH", at, title="Better", private=True)[1]["data"]["title"] == "Better"
    assert ask("GET", at, token="")[0] == 404 and ask("GET", at)[1]["private"]
    assert ask("DELETE", f"{at}/items/{filled['items'][0]['_id']}")[0] == 200
    assert ask("DELETE", at)[0] == 200 and ask("DELETE", at)[0] == 404


def test_lists_of_collections(ask, repo, user, call):
    made = [services.create_collection(by=viewer_of(user), owner=user.namespace, title=title) for title in "abc"]
    services.add_item(by=viewer_of(user), collection=made[0], repo=repo)
    _, listed = ask("GET", f"/api/collections?item=models/{repo.full_name}&owner={user.username}", token="")
    assert [found["title"] for found in listed] == ["a"] and "position" not in listed[0]
    assert listed[0]["items"][0]["id"] == repo.full_name
    first = call("GET", "/api/collections?limit=2")
    assert len(first.json()) == 2 and 'rel="next"' in first["Link"] and "cursor=2" in first["Link"]
    assert len(call("GET", "/api/collections?limit=2&cursor=2").json()) == 1
    assert ask("GET", "/api/collections?item=spaces/a/b")[1] == []
    assert ask("GET", "/api/collections?cursor=x")[0] == ask("GET", "/api/collections?sort=x")[0] == 400


_PAPER, _NUMBER = {"id": "a/b", "type": "paper"}, {"id": 1, "type": "model"}
_SHORT = {"id": "x", "type": "model"}


@pytest.mark.parametrize("body", [{"item": item} for item in (1, {}, _SHORT, _PAPER, _NUMBER)] + [{"note": "x"}])
def test_odd_items(ask, user, body):
    made = services.create_collection(by=viewer_of(user), owner=user.namespace, title="Mine")
    assert ask("POST", f"/api/collections/{user.username}/{made.address}/items", **body)[0] == 400
    assert ask("PATCH", f"/api/collections/{user.username}/{made.address}", theme="pink")[0] == 400


def test_people(ask, user):
    fan, org = make_user(full_name="A Fan"), make_org(admin=user)
    make_repo(owner=user), make_repo(owner=user, private=True), make_repo(owner=str(org), kind="dataset")
    for owner in (user.namespace, org.namespace):
        services.watch_owner(by=viewer_of(fan), owner=owner)
    told = ask("GET", f"/api/users/{user.username}/overview", token=make_token(fan))[1]
    assert (told["numModels"], told["numFollowers"], told["isFollowing"], told["orgs"]) == (1, 1, True, [])
    mine = ask("GET", f"/api/users/{user.username}/overview")[1]
    assert mine["numModels"] == 2 and [found["name"] for found in mine["orgs"]] == [str(org)]
    assert ask("GET", f"/api/organizations/{org}/overview")[1]["numUsers"] == 1
    assert "numUsers" not in ask("GET", f"/api/organizations/{org}/overview", token="")[1]
    for who in (f"users/{user.username}", f"organizations/{org}"):
        assert [found["fullname"] for found in ask("GET", f"/api/{who}/followers", token="")[1]] == ["A Fan"]
    followed = ask("GET", f"/api/users/{fan.username}/following", token="")[1]
    assert {found["user"]: found["type"] for found in followed} == {user.username: "user", str(org): "org"}
