"""The page of a user's access tokens."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors, services
from hub.accounts.errors import NoSuchAccount
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.core import clock
from hub.governance.selectors.profiles import profiles_of_tokens
from hub.governance.services.profiles import give_profile
from hub.web.forms import SCOPES, TokenForm
from hub.web.pages import policy_profiles
from hub.web.pages.session import user_of


@dataclass(frozen=True)
class TokenRow:
    public_id: str
    label: str
    hint: str
    scope: str
    limit: str
    profile: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    expires_at: dt.datetime | None
    is_expired: bool


@dataclass(frozen=True)
class TokensPage:
    form: Form
    secret: str
    tokens: tuple[TokenRow, ...]
    title: str = "Access tokens"


def build(viewer: Viewer, *, form: Form, secret: str = "") -> TokensPage:
    """`secret` is that of the token just made: it is shown in this one answer."""
    live = list(selectors.live_tokens_of(user_of(viewer)))
    names = shelf.names_of(viewer, [public_id for token in live for public_id in token.repositories])
    profiles = profiles_of_tokens([token.pk for token in live])
    return TokensPage(form=form, secret=secret, tokens=tuple(_row(token, names, profiles) for token in live))


def make_token(
    viewer: Viewer,
    *,
    label: str,
    scope: str,
    expires: int | None,
    repositories: list[tuple[str, str, str]],
    profile: str = "",
) -> str:
    """Issue the token that the form asks for; its secret."""
    limit = [catalog.find_repo(viewer, kind, owner, name).public_id for kind, owner, name in repositories]
    chosen = policy_profiles.find(viewer, profile) if profile else None
    token, secret = services.issue_token(
        by=viewer,
        user=user_of(viewer),
        label=label,
        scope=services.AccessToken.Scope(scope),
        expires_in_days=expires,
        repositories=limit,
    )
    if chosen:
        give_profile(by=viewer, token=token, profile=chosen)
    return secret


def token_form(viewer: Viewer, data: Any = None) -> TokenForm:
    return TokenForm(data, profiles=policy_profiles.choices_for(viewer))


def own_token(viewer: Viewer, public_id: str) -> Any:
    """The viewer's own live token of that id."""
    for token in selectors.live_tokens_of(user_of(viewer)):
        if token.public_id == public_id:
            return token
    raise NoSuchAccount("You have no such token; perhaps it is revoked already.")


def _row(token: Any, names: dict[str, str], profiles: dict[int, str]) -> TokenRow:
    is_expired = bool(token.expires_at and token.expires_at <= clock.now())
    known = [names[public_id] for public_id in token.repositories if public_id in names]
    hidden = len(token.repositories) - len(known)
    limit = ", ".join(known + ([f"{hidden} that you can't see any more"] if hidden else []))
    return TokenRow(
        public_id=token.public_id,
        label=token.label,
        hint=token.hint,
        scope=dict(SCOPES)[token.scope].partition(":")[0],
        limit=limit,
        profile=profiles.get(token.pk, ""),
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        expires_at=token.expires_at,
        is_expired=is_expired,
    )
