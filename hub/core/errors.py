"""The root of every error that the hub answers with."""

from typing import Any


class HubError(Exception):
    """Something the caller can act on.

    `code` is stable and machine-readable, `status` the HTTP status it maps to, the message says what is wrong, why,
    and what to do. `detail` holds what an interface may add to its answer (never secrets).
    """

    code = "error"
    status = 400

    def __init__(self, message: str = "", **detail: Any) -> None:
        super().__init__(message or (self.__doc__ or "").strip())
        self.detail = detail

    @property
    def message(self) -> str:
        return str(self)


class InvalidInput(HubError):
    """The request is not well formed."""

    code = "invalid_input"
    status = 400


class Unprocessable(HubError):
    """The request is well formed, but what it asks for can't be stored."""

    code = "unprocessable"
    status = 422


class NotSignedIn(HubError):
    """Sign in, or send an access token, to do this."""

    code = "not_signed_in"
    status = 401


class Forbidden(HubError):
    """You may not do this."""

    code = "forbidden"
    status = 403


class Conflict(HubError):
    """It changed meanwhile, or it exists already."""

    code = "conflict"
    status = 409


class TooLarge(HubError):
    """It is larger than this hub accepts."""

    code = "too_large"
    status = 413


class OutOfSpace(HubError):
    """The hub's disk is full: nothing was stored. Ask the administrator to free space, then try again."""

    code = "out_of_space"
    status = 507
