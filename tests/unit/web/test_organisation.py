"""Members and roles of an organisation."""

import pytest

from hub.accounts.models import Membership
from hub.audit.models import AuditEvent
from tests.factories import make_org, make_user

AT = "/settings/organisations/team"


@pytest.fixture
def bob(db):
    return make_user("bob")


@pytest.fixture
def team(user, bob):
    return make_org("team", admin=user, read=bob)


def _roles() -> dict[str, str]:
    return dict(Membership.objects.values_list("user__username", "role"))


def test_members_are_added_changed_and_removed(signed_in, user, team) -> None:
    make_user("eve")
    assert signed_in.post(AT, {"action": "add", "user": "Eve", "role": "write"}).status_code == 302
    assert signed_in.post(AT, {"action": "role", "user": "bob", "role": "contribute"}).status_code == 302
    assert _roles() == {user.username: "admin", "bob": "contribute", "eve": "write"}
    assert signed_in.post(AT, {"action": "remove", "user": "eve"}).status_code == 302
    assert "eve" not in _roles()
    assert AuditEvent.objects.filter(action="org.member_removed").count() == 1


def test_the_last_admin_can_not_leave_or_step_down(signed_in, user, team) -> None:
    for told in ({"action": "remove"}, {"action": "role", "role": "read"}, {"action": "add", "role": "read"}):
        response = signed_in.post(AT, {**told, "user": user.username})
        assert response.status_code == 422 and b"is the only admin" in response.content
    assert _roles()[user.username] == "admin"


def test_a_member_may_leave_and_nothing_else(client, bob, team) -> None:
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(AT).content.decode()
    assert "Leave" in text and "Add a member" not in text and "<select" not in text
    for told in (
        {"action": "role", "user": "bob", "role": "admin"},
        {"action": "remove", "user": team.memberships.get(role="admin").user.username},
    ):
        assert client.post(AT, told).status_code == 403
    assert client.post(AT, {"action": "settings", "full_name": "x"}).status_code == 403
    assert client.post(AT, {"action": "remove", "user": "bob"})["Location"] == "/"
    assert "bob" not in _roles()


def test_strangers_find_nothing(client, team) -> None:
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(AT).status_code == 404
    assert client.post(AT, {"action": "remove", "user": "bob"}).status_code == 404


def test_what_the_forms_refuse(signed_in, team) -> None:
    assert b"There is no user called" in signed_in.post(AT, {"action": "add", "user": "nobody", "role": "read"}).content
    assert signed_in.post(AT, {"action": "add", "user": "bob", "role": "king"}).status_code == 422
    assert signed_in.post(AT, {"action": "nonsense"}).status_code == 400
    assert signed_in.post(AT, {"action": "remove", "user": "nobody"}).status_code == 404


def test_settings_are_saved(signed_in, team) -> None:
    signed_in.post(AT, {"action": "settings", "full_name": "The team", "private_by_default": "on"})
    team.refresh_from_db()
    assert team.full_name == "The team" and team.private_by_default


def test_one_query_for_all_members(signed_in, team, django_assert_max_num_queries) -> None:
    for _ in range(5):
        make_org_member(team)
    with django_assert_max_num_queries(7):
        signed_in.get(AT)


def make_org_member(team) -> None:
    Membership.objects.create(organisation=team, user=make_user(), role="read")
