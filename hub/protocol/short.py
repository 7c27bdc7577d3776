"""One-part names: `resnet50` is the curated owner's, where there is one; and calls that this hub doesn't have."""

from django.conf import settings
from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.errors import RepoMoved, RepoNotFound
from hub.protocol import errors
from hub.protocol.http import renamed
from hub.protocol.wire import Ask, wire

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")


@wire(*_METHODS)
def short(ask: Ask, **_: str) -> HttpResponse:
    """307 to the curated repository of that name, if the viewer may see it."""
    try:
        full_name = selectors.find_repo(ask.viewer, ask.kind, settings.CURATED_OWNER, ask.name).full_name
    except RepoMoved as moved:
        full_name = str(moved.detail["to"])
    return renamed(ask.request, ask.name, full_name)


@wire(*_METHODS)
def no_such_kind(ask: Ask, *, other: str, rest: str = "") -> HttpResponse:
    raise RepoNotFound(f"This hub keeps models and data sets; it has no {other}.")


@wire(*_METHODS)
def no_discussions(ask: Ask, **_: str) -> HttpResponse:
    text = (
        f"This hub does not offer discussions and pull requests yet. Push to a branch of {ask.repo.full_name} instead."
    )
    return errors.message(400 if ask.request.method == "POST" else 404, text)


@wire(*_METHODS)
def nothing_is_forgotten(ask: Ask, **_: str) -> HttpResponse:
    text = f"Large files stay as long as a commit of {ask.repo.full_name} names them. Only deleting it frees its space."
    return errors.message(400, text)


@wire(*_METHODS, "PATCH")
def no_such_part(ask: Ask, *, rest: str) -> HttpResponse:
    return errors.message(404, f"This hub has no call {ask.request.method} {rest[:200]} for {ask.repo.full_name}")


@wire(*_METHODS, "PATCH", signed=True)
def no_such_call(ask: Ask, *, rest: str) -> HttpResponse:
    return errors.message(404, f"This hub has no call {ask.request.method} /api/{rest[:200]}")
