"""The pages of gates: ask, decide, accept texts, end agreements."""

import hashlib

import pytest
from django.test import Client

from hub.community.models import Notification
from hub.governance.models import Acceptance, AccessRequest
from hub.governance.services import access
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.gated import ANSWERS, LICENCE, make_gated
from tests.factories.records import examined

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(LICENCE).hexdigest()
FILLED = {"action": "ask", "field-0": "Acme", "field-1": "FI", "field-3": "other", "field-4": "on", "message": "Please"}


def browser(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def gated(user):
    return make_gated(user, name="welds")


@pytest.fixture
def at(gated):
    return f"/{gated.full_name}/access"


@pytest.fixture
def bob():
    return make_user("bob")


def test_the_gate_says_and_asks_what_the_card_has(client, bob, at) -> None:
    page = client.get(at).content.decode()
    assert "Before you pull the welds" in page and "<em>look at welds</em>" in page and SHA in page
    assert "Use it for welds only." in page and "Sign in to ask" in page and "field-0" not in page
    page = browser(bob).get(at).content.decode()
    assert "Ask for the welds" in page and "Finland" in page and "Something else" in page


def test_ask_be_rejected_try_again_be_accepted(signed_in, bob, gated, at) -> None:
    hers, his = signed_in, browser(bob)
    assert his.post(at, FILLED).status_code == 302
    asked = AccessRequest.objects.get()
    assert asked.fields == {"Company": "Acme", "Country": "Finland", "Purpose": "other",
                            "I agree to use it for welds only": True}  # fmt: skip
    page = hers.get(f"/{gated.full_name}/settings/access").content.decode()
    assert "Acme" in page and "Please" in page
    told = {"action": "rejected", "request": asked.public_id, "reason": "Which welds?"}
    assert hers.post(f"/{gated.full_name}/settings/access", told).status_code == 302
    page = his.get(at).content.decode()
    assert "You: rejected" in page and "Which welds?" in page and "Try again" in page
    his.post(at, FILLED)
    again = AccessRequest.objects.get(replaced_at=None)
    told = {"action": "accepted", "request": again.public_id, "days": "30"}
    hers.post(f"/{gated.full_name}/settings/access", told)
    page = his.get(at).content.decode()
    assert "You: accepted" in page and "it ends on" in page
    assert his.get(f"/{gated.full_name}/resolve/main/weights.bin").status_code == 200
    his.post(at, {"action": "withdraw", "request": again.public_id})
    assert his.get(f"/{gated.full_name}/resolve/main/weights.bin").status_code == 401


def test_what_is_missing_stands_beside_its_field(bob, at) -> None:
    response = browser(bob).post(at, FILLED | {"field-1": "XX", "field-4": ""})
    assert response.status_code == 422 and response.content.count(b'class="field-error"') == 2
    assert b"Acme" in response.content and not AccessRequest.objects.exists()


def test_nobody_asks_without_an_account(client, at) -> None:
    kept = client.post(at, FILLED).content.decode()
    assert "Sign in" in kept and "Acme" in kept
    assert not AccessRequest.objects.exists()


def test_the_page_of_a_file_leads_to_the_gate(bob, gated, at) -> None:
    response = browser(bob).get(f"/{gated.full_name}/compare/main...main")
    page = browser(bob).get(f"/{gated.full_name}").content.decode()
    assert f'href="{at}"' in page and response.status_code in {200, 403}


def test_accept_a_text_and_end_it(bob, gated, at) -> None:
    org, his = make_org("acme", admin=bob), browser(bob)
    told = {"action": "accept", "text_sha256": SHA, "agrees": "on", "organisation": "acme", "reference": "DUA-7"}
    assert his.post(at, told).status_code == 302
    [agreed] = Acceptance.objects.all()
    assert (agreed.licence, agreed.text_sha256, agreed.organisation) == ("weld-licence", SHA, org)
    assert (agreed.reference, agreed.shown_at, agreed.expires_at) == ("DUA-7", gated.full_name, None)
    assert "For acme by bob" in his.get(at).content.decode()
    page = his.get("/agreements").content.decode()
    assert "DUA-7" in page and gated.full_name in page
    member = make_user()
    from hub.accounts.services import SYSTEM, Role, set_membership

    set_membership(by=SYSTEM, organisation=org, user=member, role=Role.READ)
    page = browser(member).get("/agreements").content.decode()
    assert "weld-licence" in page and 'name="end"' not in page
    assert browser(member).post("/agreements", {"end": agreed.public_id}).status_code == 403
    assert his.post("/agreements", {"end": agreed.public_id}).status_code == 302
    agreed.refresh_from_db()
    assert agreed.ended_by == "bob" and "Ended" in his.get("/agreements").content.decode()


@pytest.mark.parametrize("wrong", [{"agrees": ""}, {"until": "2001-01-01"}, {"text_sha256": "0" * 64}])
def test_a_text_is_accepted_as_it_was_read(bob, at, wrong) -> None:
    told = {"action": "accept", "text_sha256": SHA, "agrees": "on"} | wrong
    assert browser(bob).post(at, told).status_code == 422 and not Acceptance.objects.exists()


def test_agreements_name_no_private_repository(bob, user, gated, at) -> None:
    browser(bob).post(at, {"action": "accept", "text_sha256": SHA, "agrees": "on"})
    from hub.catalog import services

    services.update_settings(by=viewer_of(user), repo=gated, private=True)
    page = browser(bob).get("/agreements").content.decode()
    assert "weld-licence" in page and gated.full_name not in page


def test_owners_grant_and_set_the_period(signed_in, bob, gated) -> None:
    where = f"/{gated.full_name}/settings/access"
    assert signed_in.post(where, {"action": "period", "days": "90"}).status_code == 302
    assert signed_in.post(where, {"action": "grant", "reader": "bob", "days": ""}).status_code == 302
    assert AccessRequest.objects.get().expires_at
    assert signed_in.post(where, {"action": "grant", "reader": "bob"}).status_code == 422
    assert signed_in.post(where, {"action": "grant", "reader": "nobody"}).status_code == 422
    assert b"granted unasked" in signed_in.get(f"{where}?state=accepted").content
    report = signed_in.get(f"/{gated.full_name}/user-access-report")
    assert report["Content-Type"].startswith("text/csv") and b"bob" in report.content


def test_formulas_stay_text_in_the_report(signed_in, bob, gated) -> None:
    access.request_access(by=viewer_of(bob), repo=gated, fields=ANSWERS | {"Company": "=HYPERLINK(1)"})
    assert b"'=HYPERLINK(1)" in signed_in.get(f"/{gated.full_name}/user-access-report").content


def test_strangers_see_no_requests(bob, gated) -> None:
    for path in ("settings/access", "user-access-report"):
        assert browser(bob).get(f"/{gated.full_name}/{path}").status_code == 403


def test_both_sides_are_told(signed_in, user, bob, gated, told, at) -> None:
    his = browser(bob)
    with told():
        his.post(at, FILLED)
    assert "asks for access to" in signed_in.get("/notifications").content.decode()
    asked = AccessRequest.objects.get()
    with told():
        access.decide(by=viewer_of(user), request=asked, status="accepted")
    assert "You may read the files of" in his.get("/notifications").content.decode()
    assert Notification.objects.count() == 2


def test_a_repository_without_a_gate_shows_its_text(bob) -> None:
    repo = make_repo(owner=bob, files={"README.md": b"---\nlicense: mit\n---\n# M\n", "LICENSE": LICENCE})
    page = browser(bob).get(f"/{repo.full_name}/access").content.decode()
    assert "Not gated" in page and SHA in page and 'value="ask"' not in page


def test_what_the_table_says_of_a_licence_is_a_list_to_read(user) -> None:
    repo = make_repo("chat", owner=user, files={"README.md": b"---\nlicense: llama2\n---\n# Chat\n"})
    examined(repo)
    page = browser(user).get(f"/{repo.full_name}/access").content.decode()
    assert "<dt>Limit of monthly users</dt>" in page and '<dd class="breakable">700000000</dd>' in page
    assert "notice+display" in page and "{&quot;" not in page
