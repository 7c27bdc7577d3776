"""Change accounts. `by` is the acting viewer; `SYSTEM` acts for the command line, whose user owns the database."""

import datetime as dt
import logging
import re
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from hub.accounts.errors import BadName, LastAdmin, NameTaken, NoSuchAccount, NotAllowed
from hub.accounts.models import (
    MAX_BIO,
    MAX_DESCRIPTION,
    MAX_HOMEPAGE,
    RESERVED_NAMES,
    AccessToken,
    Membership,
    Namespace,
    Organisation,
    Role,
    User,
    validate_homepage,
    validate_name,
)
from hub.accounts.selectors import token_digest
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import InvalidInput, OutOfSpace
from hub.core.ids import new_secret
from hub.core.text import storable
from hub.core.transactions import write_transaction

# Each request with the token compares with all of them.
MAX_REPOSITORIES = 500
_PUBLIC_ID = re.compile(r"[0-9a-f]{24}")
_log = logging.getLogger(__name__)


class _System(Viewer):
    """The person at the command line: whoever may write the database may do everything."""

    @property
    def name(self) -> str:
        return "system"

    @property
    def is_admin(self) -> bool:
        return True

    @property
    def has_full_powers(self) -> bool:
        return True


SYSTEM = _System()


def create_user(
    *,
    by: Viewer,
    username: str,
    full_name: str = "",
    email: str = "",
    password: str | None = None,
    must_change_password: bool = False,
    is_admin: bool = False,
    kind: User.Kind = User.Kind.PERSON,
) -> User:
    """Make a user (without `password`: one who can't sign in on the site, only by token)."""
    if not by.is_admin:
        raise NotAllowed("Only an administrator of this hub can add users.")
    _check_name(username)
    user = User(
        username=username,
        full_name=full_name,
        email=email,
        kind=kind,
        is_staff=is_admin,
        is_superuser=is_admin,
        must_change_password=must_change_password,
    )
    user.set_password(password) if password else user.set_unusable_password()
    with _name_conflict(username), write_transaction():
        user.namespace = Namespace.objects.create(name=username, kind=Namespace.Kind.USER)
        user.save(force_insert=True)
        record(by=by.name, action="user.create", subject=username, admin=is_admin, kind=kind)
    return user


def change_password(*, by: Viewer, user: User, password: str) -> None:
    """Set a new password (checked against the hub's rules) and drop the obligation to change it."""
    if not by.is_admin and (by.user != user or by.token):
        raise NotAllowed("You can change your own password only, signed in.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from error
    user.set_password(password)
    user.must_change_password = False
    with write_transaction():
        user.save(update_fields=["password", "must_change_password"])
        record(by=by.name, action="user.password", subject=user.username)


def create_organisation(
    *, by: Viewer, name: str, full_name: str = "", private_by_default: bool = False
) -> Organisation:
    """Make an organisation; the user who makes it becomes its admin."""
    if not by.has_full_powers:
        raise NotAllowed("Sign in, or use a token with admin scope for all repositories, to make an organisation.")
    _check_name(name)
    with _name_conflict(name), write_transaction():
        namespace = Namespace.objects.create(name=name, kind=Namespace.Kind.ORGANISATION)
        organisation = Organisation.objects.create(
            namespace=namespace, full_name=full_name, private_by_default=private_by_default
        )
        if by.user:
            Membership.objects.create(organisation=organisation, user=by.user, role=Role.ADMIN)
        record(by=by.name, action="org.create", subject=name)
    return organisation


def check_new_name(name: str) -> None:
    """Raises `BadName` or `NameTaken` for a name that no new user or organisation can have."""
    _check_name(name)
    if Namespace.objects.filter(name__lower=name.lower()).exists():
        raise _taken(name)


def set_membership(*, by: Viewer, organisation: Organisation, user: User, role: Role) -> Membership:
    """Give the user that role in the organisation, whether they are a member already or not. Raises `NotAllowed`, and
    `LastAdmin` where nobody would be left to administer it."""
    _check_members(by, organisation)
    with write_transaction():
        _keep_an_admin(organisation, user, becomes=role)
        membership, _ = Membership.objects.update_or_create(
            organisation=organisation, user=user, defaults={"role": role}
        )
        record(by=by.name, action="org.member", subject=str(organisation), user=user.username, role=role)
    return membership


def update_profile(*, by: Viewer, user: User, full_name: str, bio: str, homepage: str) -> None:
    """What a user says of themselves: plain words and a web address. Raises `NotAllowed` and `InvalidInput`."""
    if not by.has_full_powers or (by.user != user and not by.is_admin):
        raise NotAllowed("You can change your own profile only, signed in or with a token of admin scope.")
    user.full_name, user.bio, user.homepage = _plain(full_name, 200), _plain(bio, MAX_BIO), _web_address(homepage)
    with write_transaction():
        user.save(update_fields=["full_name", "bio", "homepage"])
        record(by=by.name, action="user.profile", subject=user.username)


def describe_organisation(*, by: Viewer, organisation: Organisation, description: str, homepage: str) -> None:
    """What an organisation says of itself. Raises `NotAllowed` for all but its admins, and `InvalidInput`."""
    if by.role_in(organisation.namespace_id) != Role.ADMIN or not by.has_full_powers:
        raise NotAllowed(f"Only an admin of {organisation} can describe it, signed in or with a token of admin scope.")
    organisation.description, organisation.homepage = _plain(description, MAX_DESCRIPTION), _web_address(homepage)
    with write_transaction():
        organisation.save(update_fields=["description", "homepage"])
        record(by=by.name, action="org.profile", subject=str(organisation))


def remove_member(*, by: Viewer, organisation: Organisation, user: User) -> None:
    """End a membership: an admin ends anybody's, everybody their own. Raises `NotAllowed`, `NoSuchAccount` where there
    is none, and `LastAdmin`."""
    if by.user != user or by.token:
        _check_members(by, organisation)
    with write_transaction():
        _keep_an_admin(organisation, user, becomes=None)
        if not Membership.objects.filter(organisation=organisation, user=user).delete()[0]:
            raise NoSuchAccount(f"{user.username} is no member of {organisation}.")
        record(by=by.name, action="org.member_removed", subject=str(organisation), user=user.username)


def update_organisation(*, by: Viewer, organisation: Organisation, full_name: str, private_by_default: bool) -> None:
    """Change what the organisation is called in full, and what its new repositories are without a word about it."""
    _check_members(by, organisation)
    organisation.full_name, organisation.private_by_default = full_name, private_by_default
    with write_transaction():
        organisation.save(update_fields=["full_name", "private_by_default"])
        record(by=by.name, action="org.settings", subject=str(organisation), private_by_default=private_by_default)


def issue_token(
    *,
    by: Viewer,
    user: User,
    label: str,
    scope: AccessToken.Scope,
    expires_in_days: int | None = None,
    repositories: list[str] | None = None,
) -> tuple[AccessToken, str]:
    """Make an access token; the secret is returned here and never again. `repositories` are public ids.

    A token that makes another can't outlive itself by it.
    """
    if not by.has_full_powers or (by.user != user and not by.is_admin):
        raise NotAllowed(
            "You can make tokens for yourself only, signed in or with a token of admin scope for all repositories."
        )
    check_token_words(label, expires_in_days)
    _check_public_ids(repositories or [])
    expires_at = clock.now() + dt.timedelta(days=expires_in_days) if expires_in_days else None
    if by.token and by.token.expires_at and (expires_at is None or expires_at > by.token.expires_at):
        raise NotAllowed("A token can't make one that outlives it. Let it end earlier, or sign in.")
    with write_transaction():
        token, secret = new_token(
            user=user, label=label.strip(), scope=scope, expires_at=expires_at, repositories=repositories
        )
        record(by=by.name, action="token.create", subject=user.username, token=token.public_id, scope=scope)
    return token, secret


def check_token_words(label: str, expires_in_days: int | None) -> None:
    """Raises `InvalidInput` for a name or a time that no token can have."""
    if not label.strip() or len(label) > 100 or "\0" in label:
        raise InvalidInput("Name the token, in 1 to 100 characters, after what will use it.")
    if expires_in_days is not None and not 1 <= expires_in_days <= 3650:
        raise InvalidInput("A token can expire in 1 to 3650 days.")


def revoke_token(*, by: Viewer, token: AccessToken) -> None:
    """End a token at once. Ending an ended one changes nothing."""
    is_own = by.user == token.user and (by.has_full_powers or by.token == token)
    if not by.is_admin and not is_own:
        raise NotAllowed("You can revoke your own tokens only, signed in or with a token of admin scope.")
    with write_transaction():
        if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=clock.now()):
            record(by=by.name, action="token.revoke", subject=token.user.username, token=token.public_id)


def lend_token(
    *, user: User, label: str, scope: AccessToken.Scope, repositories: list[str], expires_at: dt.datetime
) -> tuple[AccessToken, str]:
    """A token that the hub makes for work done in a user's name, for these repositories alone (public ids, at least
    one). Inside the caller's write transaction, which records why."""
    if not repositories:
        raise InvalidInput("A token that is lent opens certain repositories, so it needs at least one.")
    _check_public_ids(repositories)
    return new_token(user=user, label=label[:100], scope=scope, repositories=repositories, expires_at=expires_at)


def new_token(
    *,
    user: User,
    label: str,
    scope: AccessToken.Scope,
    expires_at: dt.datetime | None,
    repositories: list[str] | None = None,
) -> tuple[AccessToken, str]:
    """The row and its secret. Inside the write transaction of a caller who has checked all that it says."""
    secret = f"hs_{new_secret()}"
    token = AccessToken.objects.create(
        user=user,
        label=label,
        sha256=token_digest(secret),
        hint=secret[-4:],
        scope=scope,
        repositories=repositories or [],
        expires_at=expires_at,
    )
    return token, secret


def extend_token(public_id: str, expires_at: dt.datetime) -> None:
    """Let a lent token hold until then. Inside the caller's write transaction."""
    AccessToken.objects.filter(public_id=public_id, revoked_at=None).update(expires_at=expires_at)


def end_token(public_id: str) -> None:
    """End a lent token at once. Inside the caller's write transaction."""
    AccessToken.objects.filter(public_id=public_id, revoked_at=None).update(revoked_at=clock.now())


def touch_token(*, token: AccessToken) -> None:
    """Note that the token was used now (call it only when `selectors.needs_touch` says so).

    A hub that can't write any more still lets its readers in, so a full disk is logged only.
    """
    try:
        with write_transaction():
            AccessToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    except OutOfSpace:
        _log.warning("The disk is full: that token %s was used is not noted.", token.pk)


def _plain(text: str, most: int) -> str:
    """Text as pages may show it: no control characters but line ends, none that turn the direction of what follows."""
    kept = storable(text).replace("\r\n", "\n")
    kept = "".join(letter for letter in kept if letter == "\n" or unicodedata.category(letter)[0] != "C").strip()
    if len(kept) > most:
        raise InvalidInput(f"That takes up to {most:,} characters; this has {len(kept):,}.")
    return kept


def _web_address(text: str) -> str:
    """An http or https address, or nothing."""
    address = text.strip()
    if not address:
        return ""
    try:
        validate_homepage(address)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from error
    if len(address) > MAX_HOMEPAGE:
        raise InvalidInput(f"A web address takes up to {MAX_HOMEPAGE} characters here.")
    return address


def _check_members(by: Viewer, organisation: Organisation) -> None:
    if by.role_in(organisation.namespace_id) != Role.ADMIN or not by.has_full_powers:
        raise NotAllowed(
            f"Only an admin of {organisation} can change its members, signed in or with a token of admin scope for all "
            "repositories."
        )


def _keep_an_admin(organisation: Organisation, user: User, becomes: Role | None) -> None:
    """Inside the transaction: the only admin stays one. Two who leave at once queue here."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    admins = set(
        Membership.objects.filter(organisation=organisation, role=Role.ADMIN).values_list("user_id", flat=True)
    )
    if becomes != Role.ADMIN and set(admins) == {user.pk}:
        raise LastAdmin(f"{user.username} is the only admin of {organisation}. Make somebody else admin first.")


def _check_name(name: str) -> None:
    try:
        validate_name(name)
    except ValidationError as error:
        raise BadName(f"{name!r} can't be a name. {error.messages[0]}") from error
    if name.lower() in RESERVED_NAMES:
        raise BadName(f"{name!r} can't be a name: it is part of this hub's own addresses. Choose another.")


def _check_public_ids(repositories: list[str]) -> None:
    if len(repositories) > MAX_REPOSITORIES or not all(_PUBLIC_ID.fullmatch(public_id) for public_id in repositories):
        raise InvalidInput(f"A token can be limited to {MAX_REPOSITORIES} repositories, each by its id of 24 digits.")


class _name_conflict:
    """Turn the database's word that a name exists into ours."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, IntegrityError):
            raise _taken(self.name) from error


def _taken(name: str) -> NameTaken:
    return NameTaken(f"The name {name!r} is taken by a user or an organisation.")
