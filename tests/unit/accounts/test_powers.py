"""Who may change accounts, through a session and through each sort of token; and names that nobody can have."""

from collections.abc import Callable

import pytest
from django.urls import get_resolver

from hub.accounts import services
from hub.accounts.errors import BadName, NotAllowed
from hub.accounts.models import RESERVED_NAMES, AccessToken, Role, User
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.core.errors import InvalidInput
from tests.factories import make_org, make_user, viewer_of

pytestmark = pytest.mark.django_db
SOME_REPO = "0" * 24
# How somebody comes: through a session, or with a token of a scope, for all repositories or for one.
WAYS = ["session", "read", "write", "admin", "read:one", "write:one", "admin:one"]
FULL = {"session", "admin"}


def through(user: User, way: str) -> Viewer:
    scope, _, limit = way.partition(":")
    if way == "session":
        return viewer_of(user)
    return viewer_of(user, scope, repositories=[SOME_REPO] if limit else [])


def add_user(by: Viewer) -> None:
    services.create_user(by=by, username="newcomer")


def set_any_password(by: Viewer) -> None:
    services.change_password(by=by, user=make_user(), password="another-long-one")


def issue_for_another(by: Viewer) -> None:
    services.issue_token(by=by, user=make_user(), label="x", scope=AccessToken.Scope.READ)


def revoke_of_another(by: Viewer) -> None:
    services.revoke_token(by=by, token=viewer_of(make_user(), "read").token)


def join_any(by: Viewer) -> None:
    services.set_membership(by=by, organisation=make_org(), user=by.user, role=Role.ADMIN)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("deed", [add_user, set_any_password, issue_for_another, revoke_of_another, join_any])
def test_an_administrators_powers_over_others(admin, user, deed: Callable[[Viewer], None], way: str) -> None:
    by = through(admin, way)
    assert by.is_admin == (way in FULL)
    if way in FULL:
        deed(by)
    else:
        with pytest.raises(NotAllowed):
            deed(by)
    with pytest.raises(NotAllowed):
        deed(through(user, way))


def make_own_org(by: Viewer) -> None:
    services.create_organisation(by=by, name="lab")


def add_member(by: Viewer) -> None:
    organisation = make_org(admin=by.user)
    services.set_membership(by=by, organisation=organisation, user=make_user(), role=Role.READ)


def issue_own(by: Viewer) -> None:
    services.issue_token(by=by, user=by.user, label="x", scope=AccessToken.Scope.READ)


def revoke_own(by: Viewer) -> None:
    services.revoke_token(by=by, token=viewer_of(by.user, "read").token)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("deed", [make_own_org, add_member, issue_own, revoke_own])
def test_what_users_change_of_their_own(user, deed: Callable[[Viewer], None], way: str) -> None:
    by = through(user, way)
    if way in FULL:
        return deed(by)
    with pytest.raises(NotAllowed):
        deed(by)
    return None


def test_a_token_can_end_itself_and_never_change_a_password(user) -> None:
    by = viewer_of(user, "read")
    services.revoke_token(by=by, token=by.token)
    by.token.refresh_from_db()
    assert by.token.revoked_at
    for bearer in (by, viewer_of(user, "admin"), ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.change_password(by=bearer, user=user, password="another-long-one")


@pytest.mark.parametrize("days", [None, 31])
def test_a_token_makes_none_that_outlives_it(user, days) -> None:
    by = viewer_of(user, "admin", expires_in_days=30)
    with pytest.raises(NotAllowed, match="outlive"):
        services.issue_token(by=by, user=user, label="x", scope=AccessToken.Scope.READ, expires_in_days=days)
    made, _ = services.issue_token(by=by, user=user, label="x", scope=AccessToken.Scope.READ, expires_in_days=29)
    assert made.expires_at <= by.token.expires_at


@pytest.mark.parametrize("repositories", [["x"], [""], ["0" * 25], ["'; --"], ["0" * 24] * 501])
def test_a_limit_names_repositories_by_their_ids(user, repositories) -> None:
    with pytest.raises(InvalidInput):
        services.issue_token(
            by=viewer_of(user), user=user, label="x", scope=AccessToken.Scope.READ, repositories=repositories
        )


@pytest.mark.parametrize("name", ["models", "Datasets", "API", "settings", "new", "oauth", "favicon.ico"])
def test_a_word_of_an_address_is_nobodys_name(name) -> None:
    with pytest.raises(BadName, match="addresses"):
        services.create_user(by=SYSTEM, username=name)
    with pytest.raises(BadName, match="addresses"):
        services.create_organisation(by=SYSTEM, name=name)


def test_every_first_word_of_an_address_is_reserved() -> None:
    words = {word for pattern in get_resolver().url_patterns for word in _first_words(pattern, "")}
    assert {"api", "admin", "login", "models", "xet", "spaces", "ui"} <= words <= RESERVED_NAMES


def _first_words(pattern, before: str):
    text = before + str(pattern.pattern).lstrip("^")
    if "/" in text or not hasattr(pattern, "url_patterns"):
        first = text.partition("/")[0]
        if first == "<otherkinds:other>":
            yield from ("spaces", "kernels", "buckets")
        elif first and "<seg:" not in first and "(?P<url>" not in first:
            yield first
        return
    for inner in pattern.url_patterns:
        yield from _first_words(inner, text)
