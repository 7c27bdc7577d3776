"""Owners' pages, profiles and settings."""

import pytest

from hub.accounts.services import SYSTEM
from hub.catalog.services import update_settings
from hub.community import services
from tests.factories import make_org, make_repo, make_user, viewer_of


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_a_profile(visitor, signed_in, user):
    form = {"full_name": "Ada \u202eL.", "bio": "<b>Numbers</b>\nand looms", "homepage": "https://ada.example/looms/"}
    assert signed_in.post("/settings/profile", form)["Location"] == f"/{user.username}"
    text = text_of(visitor.get(f"/{user.username}"))
    assert "Ada L." in text and "&lt;b&gt;Numbers&lt;/b&gt;\nand " in text and "\u202e" not in text
    assert '<a href="https://ada.example/looms/" rel="nofollow noopener">ada.example/looms</a>' in text


@pytest.mark.parametrize(
    "homepage", ["javascript:alert(1)", "ftp://a.example", "https://", "x" * 30, "https://a.b/" + "x" * 200]
)
def test_homepages_that_are_none(signed_in, homepage):
    text_of(signed_in.post("/settings/profile", {"homepage": homepage}), 422)


def test_an_organisation_describes_itself(client, signed_in, user):
    make_org("team", admin=user, read=make_user("reader"))
    at = "/settings/organisations/team/profile"
    assert signed_in.post(at, {"description": "We weld."})["Location"] == "/team"
    text = text_of(signed_in.get("/team"))
    assert "We weld." in text and "reader" in text and at in text
    assert at in text_of(signed_in.get("/settings"))
    client.logout()
    text = text_of(client.get("/team"))
    assert "We weld." in text and "reader" not in text and at not in text


def test_others_describe_nothing(signed_in):
    make_org("theirs", admin=make_user())
    text_of(signed_in.get("/settings/organisations/theirs/profile"), 403)
    text_of(signed_in.get("/settings/organisations/nobody/profile"), 404)


def test_what_a_person_has(client, user):
    make_repo("shown", owner=user), make_repo("hidden", owner=user, private=True)
    liked = make_repo("liked")
    services.like(by=viewer_of(user), repo=liked)
    services.create_collection(by=viewer_of(user), owner=user.namespace, title="Together")
    services.create_collection(by=viewer_of(user), owner=user.namespace, title="Secretly", private=True)
    make_org("team", admin=user)
    text = text_of(client.get(f"/{user.username}"))
    assert "1 model" in text and "/hidden" not in text and "Together" in text and "Secretly" not in text
    assert "/liked" in text and "/team" not in text and "0 watchers" in text
    update_settings(by=SYSTEM, repo=liked, private=True)
    assert "/liked" not in text_of(client.get(f"/{user.username}"))


def test_more_than_a_page_shows(client, user, monkeypatch):
    monkeypatch.setattr("hub.web.pages.owner.SHOWN", 1)
    make_repo(owner=user), make_repo(owner=user)
    assert f'href="/models?owner={user.username}">All 2 models' in text_of(client.get(f"/{user.username}"))
