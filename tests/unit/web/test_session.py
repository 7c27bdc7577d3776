"""Signing in and out, one-time passwords, and the throttle."""

import pytest
from django.test import Client

from tests.factories import make_user
from tests.factories.accounts import PASSWORD


def _sign_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    return client.post("/login", {"username": name, "password": password, **more})


def test_sign_in_in_any_case_and_out(client, user) -> None:
    assert _sign_in(client, user.username.upper())["Location"] == "/"
    assert user.username in client.get("/").content.decode()
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/"
    assert "Sign in" in client.get("/").content.decode()


def test_a_wrong_password_says_so(client, user) -> None:
    response = _sign_in(client, user.username, "wrong")
    assert response.status_code == 422 and b"go together" in response.content


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client, user, target) -> None:
    assert _sign_in(client, user.username, next=target)["Location"] == "/"


def test_signing_in_leads_back(client, user) -> None:
    response = client.get("/settings/tokens")
    assert response["Location"] == "/login?next=/settings/tokens"
    assert _sign_in(client, user.username, next="/settings/tokens")["Location"] == "/settings/tokens"


def test_five_wrong_tries_in_any_case_pause_signing_in(client, user) -> None:
    name = user.username
    for spelling in (name, name.upper(), name.title(), name, name.upper()):
        last = _sign_in(client, spelling, "wrong")
    assert last.status_code == 429 and b"Sign-in is paused" in last.content
    assert _sign_in(client, name).status_code == 429


def test_the_admin_has_no_second_door(client, admin) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/login?next=/admin/"


def test_forms_need_their_token(user) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = _sign_in(strict, user.username)
    assert response.status_code == 403 and b"too old" in response.content
    strict.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/logout", "/settings/tokens", "/settings/password"):
        assert strict.post(path).status_code == 403


def test_a_one_time_password_is_changed_before_any_page(client, db) -> None:
    user = make_user(must_change_password=True, is_admin=True)
    _sign_in(client, user.username)
    for path in ("/", "/models", "/settings/tokens", "/admin/"):
        assert client.get(path)["Location"] == "/settings/password"
    assert client.post("/settings/password", {"new": "short", "again": "short"}).status_code == 422
    new = "a much better password"
    assert client.post("/settings/password", {"new": new, "again": new})["Location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/logout")
    assert _sign_in(client, user.username, new)["Location"] == "/"


def test_a_change_needs_the_old_password(signed_in, user) -> None:
    new = "a much better password"
    wrong = signed_in.post("/settings/password", {"old": "wrong", "new": new, "again": new})
    assert wrong.status_code == 422 and b"not your present password" in wrong.content
    differing = signed_in.post("/settings/password", {"old": PASSWORD, "new": new, "again": "other"})
    assert b"passwords differ" in differing.content
    assert signed_in.post("/settings/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302


def test_the_admin_pages_open(client, admin) -> None:
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    pages = ["accounts/user/", "accounts/organisation/", "accounts/accesstoken/", "audit/auditevent/", "storage/blob/"]
    pages += ["catalog/repo/", "catalog/commit/", "catalog/gitobject/", f"accounts/user/{admin.pk}/change/", ""]
    for path in pages:
        assert client.get(f"/admin/{path}").status_code == 200
    assert client.get("/admin/audit/auditevent/add/").status_code == 403


def test_a_change_in_the_admin_is_on_record(client, admin, user) -> None:
    from hub.audit.models import AuditEvent

    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/admin/accounts/user/{user.pk}/change/", {"full_name": "New Name", "is_active": "on"})
    assert AuditEvent.objects.filter(action="admin.user", subject=user.username, actor=admin.username).exists()
