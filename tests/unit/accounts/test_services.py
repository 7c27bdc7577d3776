"""Accounts: names, roles, tokens."""

import datetime as dt

import pytest

from hub.accounts import selectors, services
from hub.accounts.errors import BadName, BadToken, NameTaken, NotAllowed
from hub.accounts.models import AccessToken, Role
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import ANONYMOUS
from hub.audit.models import AuditEvent
from hub.core import clock
from hub.core.errors import InvalidInput
from tests.concurrency import together
from tests.factories import make_org, make_token, make_user, viewer_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["_underscore", "a", "A.b-c_d", "x" * 96])
def test_names_that_are_fine(name):
    assert make_user(name).username == name


@pytest.mark.parametrize("name", ["", "-a", "a-", ".a", "a.", "a--b", "a..b", "a/b", "a b", "x.git", "x" * 97, "a\n"])
def test_names_that_are_refused(name):
    with pytest.raises(BadName):
        services.create_user(by=SYSTEM, username=name)


def test_a_name_is_taken_in_any_case_by_users_and_organisations_alike():
    make_user("Ada")
    with pytest.raises(NameTaken):
        services.create_organisation(by=SYSTEM, name="ADA")


def test_only_an_administrator_adds_users(user, admin):
    with pytest.raises(NotAllowed):
        services.create_user(by=viewer_of(user), username="newcomer")
    assert services.create_user(by=viewer_of(admin), username="newcomer").pk
    assert AuditEvent.objects.filter(action="user.create", subject="newcomer", actor=admin.username).exists()


def test_the_maker_of_an_organisation_is_its_admin(user):
    organisation = services.create_organisation(by=viewer_of(user), name="lab")
    assert [(m.user, m.role) for m in selectors.members_of(viewer_of(user), organisation)] == [(user, Role.ADMIN)]


def test_a_write_token_makes_no_organisation(user):
    with pytest.raises(NotAllowed):
        services.create_organisation(by=viewer_of(user, "write"), name="lab")
    with pytest.raises(NotAllowed):
        services.create_organisation(by=ANONYMOUS, name="lab")


@pytest.mark.parametrize("role", ["read", "contribute", "write"])
def test_only_its_admins_change_an_organisations_members(user, role):
    organisation = make_org(**{role: user})
    with pytest.raises(NotAllowed):
        services.set_membership(by=viewer_of(user), organisation=organisation, user=user, role=Role.ADMIN)


def test_setting_a_role_again_changes_it(user):
    organisation = make_org(read=user)
    services.set_membership(by=SYSTEM, organisation=organisation, user=user, role=Role.WRITE)
    assert selectors.memberships_of(user).get().role == Role.WRITE


def test_roles_include_those_before_them():
    assert [role.includes(Role.WRITE) for role in Role] == [False, False, True, True]


def test_a_token_is_found_by_its_secret_and_not_kept(user):
    secret = make_token(user, "read")
    viewer = selectors.viewer_for_token(secret)
    assert viewer.user == user
    assert not viewer.scope_includes(AccessToken.Scope.WRITE)
    assert secret not in str(AccessToken.objects.values().get())


def test_unknown_expired_and_revoked_tokens_and_blocked_users_are_refused(user):
    token, secret = services.issue_token(
        by=SYSTEM, user=user, label="ci", scope=AccessToken.Scope.READ, expires_in_days=1
    )
    selectors.viewer_for_token(secret)
    AccessToken.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    with pytest.raises(BadToken):
        selectors.viewer_for_token(secret)
    AccessToken.objects.update(expires_at=None)
    services.revoke_token(by=viewer_of(user), token=token)
    for bad in (secret, "hs_unknown", ""):
        with pytest.raises(BadToken):
            selectors.viewer_for_token(bad)
    other = make_token(user)
    user.is_active = False
    user.save()
    with pytest.raises(BadToken):
        selectors.viewer_for_token(other)


def test_a_token_for_repositories_is_no_administrators_key_to_others(admin):
    viewer = viewer_of(admin, "write", repositories=["0" * 24])
    assert viewer.only_repositories == {"0" * 24}
    assert viewer_of(admin, "write").only_repositories is None


def test_nobody_makes_tokens_for_others_or_stronger_than_their_own(user):
    for viewer in (viewer_of(make_user()), viewer_of(user, "write"), ANONYMOUS):
        with pytest.raises(NotAllowed):
            services.issue_token(by=viewer, user=user, label="x", scope=AccessToken.Scope.READ)


@pytest.mark.parametrize(("label", "days"), [("", None), (" ", None), ("x" * 101, None), ("x", 0), ("x", 3651)])
def test_labels_and_days_have_limits(user, label, days):
    with pytest.raises(InvalidInput):
        services.issue_token(by=SYSTEM, user=user, label=label, scope=AccessToken.Scope.READ, expires_in_days=days)


def test_a_weak_password_is_refused_and_a_new_one_ends_the_duty_to_change(db):
    user = make_user("grace-hopper", must_change_password=True)
    with pytest.raises(InvalidInput):
        services.change_password(by=viewer_of(user), user=user, password="grace-hopper1")
    services.change_password(by=viewer_of(user), user=user, password="another-long-one")
    user.refresh_from_db()
    assert user.check_password("another-long-one")
    assert not user.must_change_password
    with pytest.raises(NotAllowed):
        services.change_password(by=viewer_of(make_user()), user=user, password="another-long-two")


def test_last_used_is_noted_now_and_then(user):
    token, _ = services.issue_token(by=SYSTEM, user=user, label="x", scope=AccessToken.Scope.READ)
    assert selectors.needs_touch(token)
    services.touch_token(token=token)
    token.refresh_from_db()
    assert not selectors.needs_touch(token)


@pytest.mark.django_db(transaction=True)
def test_one_of_two_who_want_a_name_at_once_gets_it():
    results = together(*[lambda: services.create_user(by=SYSTEM, username="wanted")] * 4)
    assert sum(isinstance(result, NameTaken) for result in results) == 3
