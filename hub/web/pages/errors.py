from dataclasses import dataclass

NOT_FOUND = (
    "There is nothing at this address, or it is private and you may not see it. "
    "If you have an account that may, sign in and try again."
)


_TITLES = {
    400: "That can't be read",
    403: "Not allowed",
    409: "It changed meanwhile",
    413: "That is too much",
    503: "Not just now",
    507: "The disk is full",
}


@dataclass(frozen=True)
class ErrorPage:
    """What went wrong, in words, and what to do."""

    status: int
    title: str
    message: str
    offers_sign_in: bool = False
    request_id: str = ""
    may_retry: bool = False
    kept: tuple[str, ...] = ()
    ask_url: str = ""

    @classmethod
    def not_found(cls, message: str = "") -> "ErrorPage":
        return cls(404, "Nothing here", message or NOT_FOUND, offers_sign_in=True)

    @classmethod
    def refused(cls, status: int, message: str, ask_url: str = "") -> "ErrorPage":
        """`ask_url` is where one asks to be let in."""
        title = _TITLES.get(status, "That didn't work")
        return cls(status, title, message, offers_sign_in=status == 403, may_retry=status == 503, ask_url=ask_url)

    @classmethod
    def broken(cls, request_id: str) -> "ErrorPage":
        message = "Something in this hub broke. It is not your fault; trying again in a minute may help."
        return cls(500, "Something broke", message, request_id=request_id, may_retry=True)
