"""Gates and licence texts, as programs ask."""

import hashlib
from typing import Any

import pytest

from hub.governance.models import Acceptance, AccessRequest
from tests.factories import make_org, make_repo, make_token, make_user
from tests.factories.gated import ANSWERS, LICENCE, make_gated

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(LICENCE).hexdigest()


@pytest.fixture
def bob():
    return make_user("bob")


@pytest.fixture
def ask(client, bob):
    bearer = f"Bearer {make_token(bob, 'admin')}"

    def send(method: str, path: str, told: Any = None, token: str = bearer) -> Any:
        call = getattr(client, method)
        more = {"data": told, "content_type": "application/json"} if told is not None else {}
        return call(f"/api/headstart/{path}", **more, headers={"Authorization": token} if token else {})

    return send


@pytest.fixture
def at(user):
    return f"models/{make_gated(user, name='welds').full_name}"


def test_how_it_stands(ask, at) -> None:
    told = ask("get", f"{at}/access").json()
    assert (told["gate"], told["mayRead"], told["requests"]) == ("manual", False, [])
    purpose = {"name": "Purpose", "type": "select", "options": ["Research", "other"], "required": True}
    assert purpose in told["fields"]
    [text] = told["texts"]
    assert (text["sha256"], text["text"].encode(), text["accepted"]) == (SHA, LICENCE, False)
    assert ask("get", f"{at}/access", token="").json()["requests"] == []


def test_ask_and_be_told_what_is_missing(ask, at) -> None:
    refused = ask("post", f"{at}/access", {"fields": {"Company": "Acme"}})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_answers")
    assert "Country" in refused.json()["error"]
    made = ask("post", f"{at}/access", {"fields": ANSWERS, "reason": "Thesis"})
    assert (made.status_code, made.json()["status"]) == (201, "pending")
    assert AccessRequest.objects.get().message == "Thesis"
    assert ask("post", f"{at}/access", {"fields": ANSWERS}).status_code == 409
    assert ask("post", f"{at}/access", {"fields": ANSWERS}, token="").status_code == 401


def test_accept_for_an_organisation_list_and_end(ask, at, bob) -> None:
    make_org("acme", admin=bob)
    sent = {"sha256": SHA, "organisation": "acme", "expiresAt": "2099-01-01T00:00:00Z", "reference": "DUA-7"}
    made = ask("post", f"{at}/agreements", sent)
    assert made.status_code == 201 and made.json()["holds"] and made.json()["organisation"] == "acme"
    [listed] = ask("get", "agreements").json()
    assert listed == made.json() and ask("get", f"{at}/access").json()["texts"][0]["accepted"]
    assert ask("delete", f"agreements/{listed['id']}").status_code == 204
    assert not ask("get", "agreements").json()[0]["holds"]
    assert Acceptance.objects.get().ended_by == "bob"


def test_what_is_refused(ask, at) -> None:
    assert ask("post", f"{at}/agreements", {"sha256": "0" * 64}).json()["code"] == "text_changed"
    assert ask("post", f"{at}/agreements", {}).status_code == 400
    assert ask("delete", "agreements/000000000000000000000000").status_code == 404
    hidden = make_repo(private=True)
    assert ask("get", f"models/{hidden.full_name}/access").status_code == 404
    assert ask("get", "datasets/nobody/nothing/access").status_code == 404
