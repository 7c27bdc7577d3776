"""One-part names: `resnet50` is the curated owner's, where there is one; and calls that this hub doesn't have."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hub.accounts.viewer import Viewer
from hub.catalog import selectors
from hub.catalog.errors import RepoMoved, RepoNotFound
from hub.core.errors import InvalidInput
from hub.protocol import errors
from hub.protocol.http import renamed
from hub.protocol.wire import Ask, wire

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


@wire(*_METHODS)
def short(ask: Ask, **_: str) -> HttpResponse:
    """307 to the curated repository of that name, if the ask.viewer may see it."""
    try:
        full_name = selectors.find_repo(ask.viewer, kind, settings.CURATED_OWNER, name).full_name
    except RepoMoved as moved:
        full_name = str(moved.detail["to"])
    return renamed(ask.request, name, full_name)


@wire(*_METHODS)
def no_such_kind(ask: Ask, *, other: str, rest: str = "") -> HttpResponse:
    raise RepoNotFound(f"This hub keeps models and data sets; it has no {other}.")


@wire(*_METHODS)
def no_discussions(ask: Ask, **_: str) -> HttpResponse:
    ask.repo
    if ask.request.method == "POST":
        raise InvalidInput("This hub does not offer discussions and pull requests yet. Push to a branch instead.")
    return errors.message(404, "This hub does not offer discussions and pull requests yet.")


@wire(*_METHODS, "PATCH", signed=True)
def no_such_call(ask: Ask, *, rest: str) -> HttpResponse:
    return errors.message(404, f"This hub has no call {ask.request.method} /api/{rest[:200]}")
