"""A program signed in by a short code, from the wire's side and the page's."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.test import Client

from hub.accounts import device_logins
from hub.accounts.models import AccessToken, DeviceLogin
from hub.audit.models import AuditEvent
from hub.core import clock
from tests.factories import make_token, make_user, viewer_of

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def begun(call):
    response = call("POST", "/oauth/device", body=b"client_id=any", HTTP_USER_AGENT="hf_hub/2.4.0", **FORM)
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    return response.json()


@pytest.fixture
def ask(call, begun):
    """What the program is told when it asks for its token."""

    def ask(**changes):
        told = {"grant_type": GRANT, "device_code": begun["device_code"], "client_id": "any"} | changes
        return call("POST", "/oauth/token", body=urlencode(told).encode(), **FORM).json()

    return ask


@pytest.fixture
def page():
    person, client = make_user(), Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.person = person
    return client


def _answer(page, begun, **fields):
    address = begun["verification_uri_complete"].removeprefix("http://testserver")
    shown = page.get(address)
    assert begun["user_code"] in shown.content.decode() and "hf_hub/2.4.0" in shown.content.decode()
    sent = {"user_code": begun["user_code"], "csrfmiddlewaretoken": page.cookies["csrftoken"].value}
    return page.post("/login/device", sent | fields)


def test_a_confirmed_code_is_worth_one_token(call, page, begun, ask):
    assert ask()["error"] == "authorization_pending"
    assert _answer(page, begun, label="laptop", scope="write", expires="30").status_code == 302
    told = ask()
    assert (told["token_type"], told["scope"]) == ("bearer", "write") and 0 < told["expires_in"] <= 30 * 86_400
    assert ask()["error"] == "expired_token" and AccessToken.objects.count() == 1
    me = call("GET", "/api/whoami-v2", token=told["access_token"]).json()
    assert (me["name"], me["auth"]["accessToken"]["displayName"]) == (page.person.username, "laptop")
    acts = list(AuditEvent.objects.filter(actor=me["name"], number__gt=1).values_list("action", flat=True))
    assert acts[-2:] == ["login.approve", "token.create"]


def test_without_the_pages_own_proof_nothing_is_confirmed(page, begun, ask):
    told = {"user_code": begun["user_code"], "label": "x", "scope": "admin", "expires": "30"}
    assert page.post("/login/device", told).status_code == 403
    assert page.get("/login/device", told).status_code == 200 and ask()["error"] == "authorization_pending"


def test_a_refused_code_and_a_faulty_answer(page, begun, ask):
    assert _answer(page, begun, label="", scope="root").status_code == 422
    assert _answer(page, begun, deny="1").status_code == 302
    assert ask()["error"] == "access_denied" and not AccessToken.objects.exists()


def test_who_asks_too_soon_is_slowed_down(ask):
    assert [ask()["error"] for _ in range(2)] == ["authorization_pending", "slow_down"]
    assert DeviceLogin.objects.get().interval == 10


def test_a_code_ends(monkeypatch, page, begun, ask):
    now = clock.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr("hub.core.clock.now", lambda: now)
    assert ask()["error"] == "expired_token"
    page.get("/login/device", {"user_code": begun["user_code"]})
    with pytest.raises(device_logins.NoSuchCode):
        device_logins.find(by=viewer_of(page.person), user_code=begun["user_code"])


def test_a_blocked_person_signs_nothing_in(page, begun, ask):
    _answer(page, begun, label="laptop", scope="write", expires="")
    type(page.person).objects.filter(pk=page.person.pk).update(is_active=False)
    assert ask()["error"] == "access_denied"


def test_wrong_codes_and_too_many_codes(call, page, monkeypatch):
    answers = [page.get("/login/device", {"user_code": f"BBBB-BBB{letter}"}) for letter in "BCDFGHJKLMN"]
    assert {answer.status_code for answer in answers} == {422}
    assert "No program waits" in answers[9].content.decode() and "too many wrong codes" in answers[10].content.decode()
    monkeypatch.setattr(device_logins, "MOST_OF_ADDRESS", 1)
    assert [call("POST", "/oauth/device", **FORM).status_code for _ in range(2)] == [200, 429]


def test_it_takes_a_session_and_the_flow_that_is_known(call, begun, ask):
    by = viewer_of(make_user())
    by = type(by)(user=by.user, token=AccessToken.objects.get(sha256=_digest(make_token(by.user, "admin"))))
    with pytest.raises(device_logins.NotAllowed):
        device_logins.find(by=by, user_code=begun["user_code"])
    assert ask(grant_type="refresh_token")["error"] == "unsupported_grant_type"
    assert Client().get("/login/device").status_code == 302


def _digest(secret):
    return device_logins.token_digest(secret)
