"""People, organisations and tokens."""

from itertools import count

from hub.accounts import services
from hub.accounts.models import AccessToken, Organisation, Role, User
from hub.accounts.viewer import Viewer

PASSWORD = "a-long-enough-password"
_numbers = count(1)


def make_user(name: str = "", *, is_admin: bool = False, password: str | None = PASSWORD, **fields: object) -> User:
    """A person who signs in with `PASSWORD`."""
    return services.create_user(
        by=services.SYSTEM,
        username=name or f"user{next(_numbers)}",
        password=password,
        is_admin=is_admin,
        **fields,  # type: ignore[arg-type]
    )


def make_org(name: str = "", *, private_by_default: bool = False, **members: User) -> Organisation:
    """An organisation; each keyword is a role and who has it: `make_org(write=ada, admin=bob)`."""
    organisation = services.create_organisation(
        by=services.SYSTEM, name=name or f"org{next(_numbers)}", private_by_default=private_by_default
    )
    for role, user in members.items():
        services.set_membership(by=services.SYSTEM, organisation=organisation, user=user, role=Role(role))
    return organisation


def make_token(user: User, scope: str = "write", **fields: object) -> str:
    """The secret of a new token of that user."""
    _, secret = services.issue_token(
        by=services.SYSTEM,
        user=user,
        label=f"token{next(_numbers)}",
        scope=AccessToken.Scope(scope),
        **fields,  # type: ignore[arg-type]
    )
    return secret


def viewer_of(user: User, scope: str | None = None, **fields: object) -> Viewer:
    """The user through a session, or with `scope` through a token of that scope."""
    if scope is None:
        return Viewer(user=user)
    token, _ = services.issue_token(
        by=services.SYSTEM,
        user=user,
        label=f"token{next(_numbers)}",
        scope=AccessToken.Scope(scope),
        **fields,  # type: ignore[arg-type]
    )
    return Viewer(user=user, token=token)
