"""The one way from a request to an answer: methods, who asks, and what becomes of errors."""

import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.selectors import find_repo
from hub.core.errors import HubError, OutOfSpace
from hub.protocol import errors
from hub.protocol.auth import viewer_of
from hub.protocol.http import CHUNK, LengthRequired, content_length

View = Callable[..., HttpResponseBase]
# The clients read an answer only once their body is sent, so a refusal takes in what is left of it, up to here.
_DRAIN_UP_TO = 256 * 1024**2
_log = logging.getLogger(__name__)


class DatabaseUnavailable(HubError):
    """The hub's database doesn't answer. Nothing was changed; try again in a moment."""

    code = "database_unavailable"
    status = 503


@dataclass(frozen=True)
class Ask:
    """What a view is called with: the request, who sends it, and the repository that its address names."""

    request: HttpRequest
    viewer: Viewer
    kind: str = ""
    owner: str = ""
    name: str = ""

    @cached_property
    def repo(self) -> Any:
        """The repository, if the viewer may see it; else `RepoNotFound` or `RepoMoved`."""
        return find_repo(self.viewer, self.kind, self.owner, self.name)


def wire(*methods: str, signed: bool = False) -> Callable[[View], View]:
    """Call `view(ask, …)` for these methods and answer its errors as the clients know them.

    `signed`: the address itself carries the right to it, or anybody may call, so nobody is looked up.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def handle(
            request: HttpRequest, *, kind: str = "", owner: str = "", name: str = "", **rest: Any
        ) -> HttpResponseBase:
            if request.method not in methods:
                return errors.message(405, f"Use {' or '.join(methods)} here.")
            try:
                _check_length(request)
                viewer = ANONYMOUS if signed else viewer_of(request)
                return view(Ask(request, viewer, kind, owner, name), **rest)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client gets an answer it can read
                if not _broke_off(error):
                    _drain(request)
                return _answer(request, error)

        return handle

    return decorate


def _answer(request: HttpRequest, error: Exception) -> HttpResponseBase:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        error = OutOfSpace()
    if isinstance(error, OperationalError):
        _log.error("%s %s", request.method, request.path, exc_info=error)
        error = DatabaseUnavailable()
    if isinstance(error, HubError):
        return errors.answer(request, error)
    if isinstance(error, UnreadablePostError):
        return errors.message(400, "The request's body broke off. Send it again.")
    if isinstance(error, SuspiciousOperation):
        return errors.message(400, "The request is not acceptable.")
    _log.error("%s %s", request.method, request.path, exc_info=error)
    return errors.message(500, "The hub failed; its log says why, under the id of this request.")


def by_method(**views: View) -> View:
    """One address, a view for each method."""

    @csrf_exempt
    def choose(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        view = views.get(request.method or "")
        if view is None:
            return errors.message(405, f"Use {' or '.join(views)} here.")
        return view(request, **kwargs)

    return choose


def _check_length(request: HttpRequest) -> None:
    """A body without a length would be taken for an empty one."""
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise LengthRequired


def _broke_off(error: BaseException | None) -> bool:
    """Whether it comes of a body that ended too early; then there is nothing left to read, only to wait for."""
    while error is not None:
        if isinstance(error, UnreadablePostError):
            return True
        error = error.__cause__
    return False


def _drain(request: HttpRequest) -> None:
    if content_length(request) > _DRAIN_UP_TO:
        return
    try:
        while request.read(CHUNK):
            pass
    except OSError:  # it broke off: nobody is left to answer
        _log.debug("the body of a refused request broke off")
