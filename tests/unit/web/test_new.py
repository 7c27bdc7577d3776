"""New repositories and organisations: only where one may, only what was chosen."""

import pytest

from hub.accounts import selectors as accounts
from hub.catalog.models import Card, Repo
from tests.factories import make_org, make_repo, make_user

FORM = {"name": "welds", "purpose": "Tells  good welds\nfrom bad ones.", "licence": "mit", "visibility": "public"}


def _sent(user, **changes: str) -> dict[str, str]:
    return {**FORM, "owner": user.username, **changes}


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_what_was_chosen_is_what_the_card_states(signed_in, user, kind) -> None:
    response = signed_in.post(f"/new/{kind}", _sent(user))
    prefix = "/datasets" if kind == "dataset" else ""
    assert response["Location"] == f"{prefix}/{user.username}/welds/upload/main"
    card = Card.objects.get(repo__name="welds")
    assert card.metadata == {"license": "mit"} and card.summary == "Tells good welds from bad ones."
    assert not card.repo.is_private


def test_nothing_is_stated_that_was_not_chosen(signed_in, user) -> None:
    signed_in.post("/new/model", _sent(user, licence="", purpose="", visibility="private"))
    card = Card.objects.get(repo__name="welds")
    assert card.metadata == {} and card.repo.is_private


def test_a_faulty_form_comes_back_as_it_was_filled(signed_in, user) -> None:
    make_repo(name="taken", owner=user)
    for wrong in ({"name": "a b"}, {"name": "taken"}, {"name": ""}, {"licence": "nonsense"}, {"owner": "nobody"}):
        response = signed_in.post("/new/model", _sent(user, purpose="Kept words", **wrong))
        assert response.status_code == 422 and b"field-error" in response.content and b"Kept words" in response.content
    assert Repo.objects.count() == 1


def test_a_name_is_checked_as_it_is_typed(signed_in, user) -> None:
    make_repo(name="taken", owner=user)
    look = {"action": "look", "owner": user.username}
    text = signed_in.post("/new/model", {**look, "name": "taken"}).content.decode()
    assert "already exists" in text and "<html" not in text
    assert "field-error" not in signed_in.post("/new/model", {**look, "name": "free"}).content.decode()
    assert "field-error" not in signed_in.post("/new/model", look).content.decode()
    assert Repo.objects.count() == 1


def test_owners_are_those_where_one_may_make_something(signed_in, user) -> None:
    make_org("mine", contribute=user)
    make_org("theirs", read=user)
    text = signed_in.get("/new/model?owner=mine").content.decode()
    assert '<option value="mine" selected>' in text and "theirs" not in text
    assert signed_in.post("/new/model", _sent(user, owner="theirs")).status_code == 422


def test_strangers_sign_in_first(client, db) -> None:
    for path in ("/new/model", "/new/dataset", "/new/organisation"):
        assert client.get(path)["Location"].startswith("/login?next=")
        assert client.post(path).status_code == 401
    assert b"/new/model" not in client.get("/").content


def test_an_organisation_is_made_with_its_maker_as_admin(signed_in, user) -> None:
    response = signed_in.post("/new/organisation", {"name": "team", "full_name": "", "private_by_default": "on"})
    assert response["Location"] == "/settings/organisations/team"
    organisation = accounts.find_organisation("team")
    assert organisation.private_by_default and organisation.memberships.get().role == "admin"


def test_what_the_organisation_form_refuses(signed_in, user) -> None:
    make_user("somebody")
    for name in ("somebody", "Somebody", "models", "-x", ""):
        assert signed_in.post("/new/organisation", {"name": name}).status_code == 422
    look = signed_in.post("/new/organisation", {"name": "somebody", "action": "look"})
    assert b"is taken" in look.content
