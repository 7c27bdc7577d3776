from hub.core.errors import Conflict, Forbidden, HubError, InvalidInput


class BadToken(HubError):
    """Invalid credentials in Authorization header"""

    code = "bad_token"
    status = 401


class NameTaken(Conflict):
    """That name is taken. Choose another."""

    code = "name_taken"


class BadName(InvalidInput):
    """That can't be a name here. Choose another."""

    code = "bad_name"


class NoSuchAccount(HubError):
    """There is no user or organisation of that name."""

    code = "no_such_account"
    status = 404


class LastAdmin(Conflict):
    """An organisation keeps at least one admin."""

    code = "last_admin"


class NotAllowed(Forbidden):
    """Your role or your token doesn't allow that."""

    code = "not_allowed"


class NoSuchCode(HubError):
    """No program waits with that code. Perhaps it is used or out of time: let the program show a new one."""

    code = "no_such_code"
    status = 404


class TooManyCodes(HubError):
    """Too many codes at once. Wait a quarter of an hour, then try again."""

    code = "too_many_codes"
    status = 429


class LoginRefused(HubError):
    """What a program that asks for its token is told; `code` is the word that OAuth has for it."""

    status = 400


class LoginPending(LoginRefused):
    """Nobody has confirmed the code yet."""

    code = "authorization_pending"


class AskedTooSoon(LoginRefused):
    """Wait longer before asking again."""

    code = "slow_down"


class CodeExpired(LoginRefused):
    """The code is out of time or was used. Begin again."""

    code = "expired_token"


class LoginDenied(LoginRefused):
    """The code was refused."""

    code = "access_denied"
