"""Sign a program in without typing a secret (RFC 8628): it shows a short code, a person who is signed in confirms that
code on a page, and the program, which asks meanwhile, gets a token, once."""

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q

from hub.accounts.errors import (
    AskedTooSoon,
    CodeExpired,
    LoginDenied,
    LoginPending,
    NoSuchCode,
    NotAllowed,
    TooManyCodes,
)
from hub.accounts.models import AccessToken, DeviceLogin
from hub.accounts.selectors import token_digest
from hub.accounts.services import check_token_words, new_token
from hub.accounts.viewer import Viewer
from hub.audit.models import AuditEvent
from hub.audit.services import record
from hub.core import clock
from hub.core.ids import new_secret
from hub.core.text import storable
from hub.core.transactions import write_transaction

LIFETIME = dt.timedelta(minutes=15)
# Codes that wait at once: in all, and of one address (behind a proxy all have that of the proxy).
MOST, MOST_OF_ADDRESS = 5_000, 100
# Wrong codes that one person may type in a lifetime of codes.
TRIES = 10
# No vowels, so that no words come of it, and none that is taken for another: 20^8 codes.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_SLOWER = 5
_WRONG = "login.wrong_code"
State = DeviceLogin.State


@dataclass(frozen=True)
class Begun:
    """What a program is told: the code that it keeps, the one that it shows, seconds to the end and between asking."""

    device_code: str
    user_code: str
    expires_in: int
    interval: int


def begin(*, client: str, address: str) -> Begun:
    """Anybody may begin, so what is out of time goes, and `TooManyCodes` keeps the table small."""
    now, device_code = clock.now(), new_secret()
    user_code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    with write_transaction():
        DeviceLogin.objects.filter(expires_at__lte=now).delete()
        rows = DeviceLogin.objects.all()
        if rows.count() >= MOST or rows.filter(address=address).count() >= MOST_OF_ADDRESS:
            raise TooManyCodes
        row = DeviceLogin.objects.create(
            device_sha256=token_digest(device_code),
            user_code=user_code,
            client=storable(client)[:100],
            address=address[:45],
            interval=settings.DEVICE_LOGIN_INTERVAL,
            expires_at=now + LIFETIME,
        )
    return Begun(device_code, shown(user_code), int(LIFETIME.total_seconds()), row.interval)


def find(*, by: Viewer, user_code: str) -> DeviceLogin:
    """The program that waits with this code. Raises `NotAllowed` for tokens, `NoSuchCode` (which is recorded), and
    `TooManyCodes` for who has typed ten wrong ones."""
    if not by.is_signed_in or by.token:
        raise NotAllowed("Sign in on the site to confirm a code.")
    since = clock.now() - LIFETIME
    if AuditEvent.objects.filter(actor=by.name, action=_WRONG, at__gte=since).count() >= TRIES:
        raise TooManyCodes("You have typed too many wrong codes. Wait a quarter of an hour, then try again.")
    plain = re.sub("[^A-Z]", "", user_code.upper())[:8]
    row = DeviceLogin.objects.filter(user_code=plain, state=State.WAITING, expires_at__gt=clock.now()).first()
    if row is None:
        with write_transaction():
            record(by=by.name, action=_WRONG, subject=by.name)
        raise NoSuchCode
    return row


def approve(*, by: Viewer, login: DeviceLogin, label: str, scope: AccessToken.Scope, days: int | None) -> None:
    """Let the program have a token of the actor's. Raises `NoSuchCode` when somebody was faster, `InvalidInput`."""
    check_token_words(label, days)
    told = {"state": State.APPROVED, "user": by.user, "label": label.strip(), "scope": scope, "days": days}
    _answer(by, login, "login.approve", told, scope=scope)


def deny(*, by: Viewer, login: DeviceLogin) -> None:
    """The program is told so when it asks next."""
    _answer(by, login, "login.deny", {"state": State.DENIED})


def take(*, device_code: str) -> tuple[AccessToken, str]:
    """The token and its secret, once; else `LoginPending`, `AskedTooSoon`, `LoginDenied` or `CodeExpired`."""
    rows = DeviceLogin.objects.select_related("user").filter(device_sha256=token_digest(device_code))
    row = rows.filter(expires_at__gt=clock.now()).first()
    if row is None or row.state == State.TAKEN:
        raise CodeExpired
    if row.state == State.WAITING:
        raise AskedTooSoon if _is_too_soon(row) else LoginPending
    if row.state == State.DENIED or row.user is None or not row.user.is_active:
        raise LoginDenied
    ends = clock.now() + dt.timedelta(days=row.days) if row.days else None
    scope, name = AccessToken.Scope(row.scope), row.user.username
    with write_transaction():
        if not DeviceLogin.objects.filter(pk=row.pk, state=State.APPROVED).update(state=State.TAKEN):
            raise CodeExpired
        token, secret = new_token(user=row.user, label=row.label, scope=scope, expires_at=ends)
        record(by=name, action="token.create", subject=name, token=token.public_id, scope=scope, device=row.client)
    return token, secret


def shown(user_code: str) -> str:
    """As people read and type it: BCDF-GHJK."""
    return f"{user_code[:4]}-{user_code[4:]}"


def _answer(by: Viewer, login: DeviceLogin, action: str, told: Mapping[str, object], **more: str) -> None:
    waiting = DeviceLogin.objects.filter(pk=login.pk, state=State.WAITING, expires_at__gt=clock.now())
    with write_transaction():
        if not waiting.update(**told):
            raise NoSuchCode
        record(by=by.name, action=action, subject=by.name, client=login.client, address=login.address, **more)


def _is_too_soon(row: DeviceLogin) -> bool:
    """Notes the question. A second of grace, as the way to us takes longer or shorter."""
    now = clock.now()
    before = now - dt.timedelta(seconds=max(row.interval - 1, 0))
    with write_transaction():
        rows = DeviceLogin.objects.filter(pk=row.pk)
        in_time = rows.filter(Q(asked_at=None) | Q(asked_at__lte=before)).update(asked_at=now)
        if not in_time:
            rows.filter(interval__lt=60).update(interval=F("interval") + _SLOWER, asked_at=now)
    return not in_time
