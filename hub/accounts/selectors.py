"""Read accounts."""

import datetime as dt
import hashlib

from django.db.models import QuerySet

from hub.accounts.errors import BadToken, NoSuchAccount
from hub.accounts.models import AccessToken, Membership, Namespace, Organisation, Role, User
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.core import clock
from hub.core.text import storable


def viewer_for_token(secret: str) -> Viewer:
    """The viewer behind an access token; `BadToken` when it is unknown, expired or revoked, or its user is blocked."""
    return _live(AccessToken.objects.select_related("user").filter(sha256=token_digest(secret)).first())


def viewer_again(user_id: str, token_id: str) -> Viewer:
    """As they are now: the viewer for whom a signed address was made, by the public ids of user and token ("": none).

    `BadToken` when the token has ended or the user is blocked since. One query at most.
    """
    if token_id:
        return _live(AccessToken.objects.select_related("user").filter(public_id=token_id).first())
    if not user_id:
        return ANONYMOUS
    user = User.objects.filter(public_id=user_id, is_active=True).first()
    if user is None:
        raise BadToken
    return Viewer(user=user)


def _live(token: AccessToken | None) -> Viewer:
    if token is None:
        raise BadToken
    if token.revoked_at or (token.expires_at and token.expires_at <= clock.now()) or not token.user.is_active:
        raise BadToken
    return Viewer(user=token.user, token=token)


def needs_touch(token: AccessToken, *, every: dt.timedelta = dt.timedelta(minutes=10)) -> bool:
    """Whether `last_used_at` is old enough to be written anew."""
    return token.last_used_at is None or clock.now() - token.last_used_at > every


def token_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_namespace(name: str) -> Namespace:
    """The namespace of that name, in any case."""
    namespace = Namespace.objects.filter(name__lower=storable(name).lower()).first()
    if namespace is None:
        raise NoSuchAccount(f"There is no user or organisation called {name!r}.")
    return namespace


def find_user(username: str) -> User:
    user = User.objects.select_related("namespace").filter(namespace__name__lower=storable(username).lower()).first()
    if user is None:
        raise NoSuchAccount(f"There is no user called {username!r}.")
    return user


def find_organisation(name: str) -> Organisation:
    organisation = (
        Organisation.objects.select_related("namespace").filter(namespace__name__lower=storable(name).lower()).first()
    )
    if organisation is None:
        raise NoSuchAccount(f"There is no organisation called {name!r}.")
    return organisation


def memberships_of(user: User) -> QuerySet[Membership]:
    """The user's memberships with their organisations, by name."""
    return (
        Membership.objects.filter(user=user)
        .select_related("organisation__namespace")
        .order_by("organisation__namespace__name")
    )


def organisations_of(viewer: Viewer, user: User) -> QuerySet[Membership]:
    """As `memberships_of`, of the organisations to whose members the viewer belongs (or is the user themselves)."""
    found = memberships_of(user)
    if viewer.is_admin or viewer.user == user:
        return found
    return found.filter(organisation__namespace__in=list(viewer.roles))


def members_of(viewer: Viewer, organisation: Organisation) -> QuerySet[Membership]:
    """Who belongs to it, by name: told to its members and to administrators of the hub, nobody else."""
    if viewer.role_in(organisation.namespace_id) is None:
        return Membership.objects.none()
    return Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__username")


def count_members(namespace: Namespace) -> int:
    """How many belong to the organisation of that name; 1 for a user's own."""
    if namespace.kind == Namespace.Kind.USER:
        return 1
    return Membership.objects.filter(organisation__namespace=namespace, user__is_active=True).count()


def live_tokens_of(user: User) -> QuerySet[AccessToken]:
    """The user's tokens that aren't revoked, newest first (expired ones included: the page says so)."""
    return AccessToken.objects.filter(user=user, revoked_at=None).order_by("-created_at")


def owners_for(viewer: Viewer) -> list[str]:
    """The names under which the viewer may make repositories: their own first, then organisations by name."""
    if viewer.user is None:
        return []
    able = [role for role in Role if role.includes(Role.CONTRIBUTE)]
    own = memberships_of(viewer.user).filter(role__in=able)
    return [viewer.user.username, *own.values_list("organisation__namespace__name", flat=True)]


def role_labels() -> list[str]:
    """Each role with what it allows, in words, the least first."""
    return [str(role.label) for role in Role]


def has_admin() -> bool:
    """Whether anybody may administer this hub."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()
