"""Everything the SDK raises, in one tree. Each message says what is wrong and what to do.

HeadstartError
├── InvalidInputError        an argument, a name or a card that can't be right
│   └── OrderRefusedError    a job can't be ordered: `.faults` says all that is in the way
├── NotFoundError            no such model, revision or file; or it is private and you are not signed in
├── AuthError                a bad token, or one that may not do this; a gated model
│   └── PolicyDeniedError    the hub's rules deny this pull: `.rule`, `.reason`, `.decided_by`, `.mend`
├── ConflictError            someone else changed it meanwhile, or the name is taken
├── HubUnavailableError      the hub can't be reached, or it failed
├── OfflineError             offline, and what you ask for is not on this machine
├── OutOfSpaceError          this disk, or the hub's, is full
├── IntegrityError           bytes are not those that the hub lists: `.file`, `.expected`, `.got`
├── TrustError               the hub's key or signature is not what this machine knows: see `headstart trust`
├── LockError                a lockfile can't be read, or what is there is not what it pins
├── JobFailedError           a job didn't succeed, or hasn't yet: `.job`
└── LoadError                the files are there, but can't be loaded
    ├── MissingLibraryError  a library must be installed first
    └── UnsafeFormatError    loading would run code that came with the model
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class HeadstartError(Exception):
    """The root of all errors of this SDK."""


class InvalidInputError(HeadstartError, ValueError):
    """An argument, a name or a card that can't be right."""


class OrderRefusedError(InvalidInputError):
    """A job can't be ordered: `faults` are {param, code, message, advice}, one for each thing that is in the way."""

    def __init__(self, message: str, *, faults: Iterable[Mapping[str, str]] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class JobFailedError(HeadstartError):
    """`job` didn't succeed, or hasn't yet; the message says why."""

    def __init__(self, message: str, *, job: Any = None) -> None:
        super().__init__(message)
        self.job = job


class NotFoundError(HeadstartError):
    """There is no such model, revision or file; or it is private and you are not signed in."""


class AuthError(HeadstartError):
    """The token is bad, or it may not do this."""


class PolicyDeniedError(AuthError):
    """The hub's rules deny this pull: `rule` by its code, for `reason`, as `decided_by` decided; `mend` says what would
    change it, `replacement` what to use instead ("" where nobody said)."""

    def __init__(
        self,
        message: str,
        *,
        rule: str = "",
        reason: str = "",
        decided_by: str = "",
        mend: str = "",
        replacement: str = "",
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.reason = reason
        self.decided_by = decided_by
        self.mend = mend
        self.replacement = replacement


class ConflictError(HeadstartError):
    """Someone else changed it meanwhile, or the name is taken."""


class HubUnavailableError(HeadstartError):
    """The hub can't be reached, or it failed."""


class OfflineError(HeadstartError):
    """Offline, and what you ask for is not on this machine."""


class OutOfSpaceError(HeadstartError):
    """This disk, or the hub's, is full."""


class IntegrityError(HeadstartError):
    """The bytes of `file` are not those that the hub lists."""

    def __init__(self, message: str, *, file: str, expected: str, got: str) -> None:
        super().__init__(message)
        self.file = file
        self.expected = expected
        self.got = got


class TrustError(HeadstartError):
    """The hub's key is not the one that this machine knows, or its signature doesn't hold."""


class LockError(HeadstartError):
    """A lockfile can't be read, or what is there is not what it pins."""


class LoadError(HeadstartError):
    """The files are there, but they can't be loaded."""


class MissingLibraryError(LoadError, ImportError):
    """A library must be installed before this can be loaded."""


class UnsafeFormatError(LoadError):
    """Loading would run code that came with the model."""


class PolicyWarning(UserWarning):
    """The hub's rules let this pull pass, with a condition or a warning."""


class DeprecatedModelWarning(PolicyWarning):
    """What is pulled is deprecated; the text names the replacement, if there is one."""


class OfflineWarning(UserWarning):
    """The hub can't be reached: what lies on this machine is used, and may be behind the hub."""


# By X-Error-Code, else by status: the error, and what it means.
_ANSWERS: dict[str | int, tuple[type[HeadstartError], str]] = {
    "GatedRepo": (
        AuthError,
        "access is restricted. Ask for it by sdk.request_access(…), `headstart access request` or on its page on "
        "{hub}; sign in with `headstart login`.",
    ),
    "RevisionNotFound": (NotFoundError, "there is no such branch, tag or commit. See `headstart info`."),
    "EntryNotFound": (NotFoundError, "there is no such file at that revision."),
    "RepoNotFound": (
        NotFoundError,
        "not found on {hub}. Check the name with `headstart search`; if it is private, sign in with `headstart login`.",
    ),
    400: (InvalidInputError, "the hub refused it."),
    401: (AuthError, "the token for {hub} is missing, expired or revoked. Run `headstart login`."),
    403: (AuthError, "your token may not do this. Use one with the scope or role for it."),
    404: (NotFoundError, "{hub} has no such address. Is it a Headstart hub, and up to date?"),
    409: (ConflictError, "it changed or exists already. Look at it, then try again."),
    412: (ConflictError, "someone else pushed meanwhile. Look at it, then try again."),
    413: (InvalidInputError, "it is larger than the hub accepts."),
    422: (InvalidInputError, "the hub refused it."),
    507: (OutOfSpaceError, "the hub's disk is full. Ask its administrator to free space."),
}
# What is missing is in `asked` already: the hub's own words would only repeat it.
_SAY_IT_ALL = {"RepoNotFound", "RevisionNotFound", "EntryNotFound"}


def from_status(status: int, code: str, message: str, *, asked: str, hub: str, rules: str = "") -> HeadstartError:
    """The error for an HTTP answer; `code` is its `X-Error-Code`, `rules` its `X-Headstart-Rules`, `asked` what was
    asked for, in words."""
    if rules:
        return PolicyDeniedError(f"{asked}: {message}", rule=rules.partition(",")[0], reason=message)
    failed = (HubUnavailableError, f"{hub} answered with status {status}. Try again later.")
    kind, meaning = _ANSWERS.get(code) or _ANSWERS.get(status) or failed
    said = f" The hub says: {message}" if message and code not in _SAY_IT_ALL else ""
    return kind(f"{asked}: {meaning.format(hub=hub)}{said}")


def unreachable(hub: str, error: BaseException) -> HubUnavailableError:
    """The error for a hub that did not answer at all."""
    return HubUnavailableError(
        f"{hub} can't be reached ({error or type(error).__name__}). Is it running, and is its address right?"
        " Set it by HEADSTART_URL or `headstart login`."
    )


@contextmanager
def translated(asked: str, *, hub: str) -> Iterator[None]:
    """Turn what huggingface_hub and its HTTP library raise into errors of this tree."""
    from huggingface_hub import errors as wire

    transport: Any = vars(wire)["HTTPError"]  # httpx or httpx2, by the release of huggingface_hub
    try:
        yield
    except wire.OfflineModeIsEnabled as error:
        raise OfflineError(f"{asked}: HF_HUB_OFFLINE is set. Unset it to ask the hub.") from error
    except wire.HfHubHTTPError as error:
        headers = error.response.headers
        message = error.server_message or headers.get("X-Error-Message") or ""
        code = headers.get("X-Error-Code") or ""
        rules = headers.get("X-Headstart-Rules") or ""
        raise from_status(error.response.status_code, code, message, asked=asked, hub=hub, rules=rules) from error
    except wire.HFValidationError as error:
        raise InvalidInputError(f"{asked}: {error}") from error
    except transport as error:
        raise unreachable(hub, error) from error
