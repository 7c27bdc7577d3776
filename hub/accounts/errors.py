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
