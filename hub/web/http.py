"""The one way from a request to a page: who asks, and what becomes of errors."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.errors import RepoMoved
from hub.core.errors import HubError, InvalidInput, NotSignedIn, TooLarge
from hub.core.text import digits
from hub.web.views import errors, session

View = Callable[..., HttpResponse]
# A browser reads a refusal only once its body is sent.
_DRAIN_UP_TO = 256 * 1024**2
_PIECE = 1 << 20
_log = logging.getLogger(__name__)


def page(
    view: View, *, methods: tuple[str, ...] = ("GET", "HEAD"), signed_in: bool = False, keeps_words: bool = False
) -> View:
    """Call `view(request, viewer, …)` and turn what it raises into a page that says what to do. With `keeps_words`, a
    form that is sent after the session ended isn't lost: it can be sent again after signing in."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        viewer = viewer_of(request)
        try:
            if signed_in and not viewer.is_signed_in:
                raise NotSignedIn
            if any("\0" in text for _, texts in request.POST.lists() for text in texts):
                raise InvalidInput("A field has a NUL character in it, which no text takes. Remove it.")
            response = view(request, viewer, **kwargs)
            patch_cache_control(response, private=True)
            return response
        except RepoMoved as moved:
            return redirect(_moved_url(request, str(moved.detail["to"])))
        except NotSignedIn:
            if keeps_words and request.method == "POST":
                return session.sign_in_again(request)
            return redirect(f"{reverse('web:login')}?next={quote(request.get_full_path())}")
        except HubError as error:
            return errors.answer(request, error)

    return require_http_methods(list(methods))(handle)


def endpoint(view: View, *, method: str = "POST") -> View:
    """For scripts of our pages: call `view(request, viewer, …)`, and say in JSON what it raises."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            viewer = viewer_of(request)
            if not viewer.is_signed_in:
                raise NotSignedIn("You are signed out. Sign in again in another tab, then go on here.")
            return view(request, viewer, **kwargs)
        except HubError as error:
            drain(request)
            told = {"message": error.message, "code": error.code, "path": error.detail.get("path", "")}
            return JsonResponse(told, status=error.status)

    return require_http_methods([method])(handle)


def json_of(request: HttpRequest) -> dict[str, Any]:
    """The body, a JSON object."""
    try:
        value = json.loads(request.body)
    except RequestDataTooBig as error:
        raise TooLarge("That is too much for one request. Send fewer files at a time.") from error
    except ValueError as error:
        raise InvalidInput("The body is not valid JSON.") from error
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object.")
    return value


def drain(request: HttpRequest) -> None:
    """Read the rest of a refused body, so that its sender gets to see why."""
    if (digits(str(request.META.get("CONTENT_LENGTH") or "0")) or 0) > _DRAIN_UP_TO:
        return
    try:
        while request.read(_PIECE):
            pass
    except (OSError, UnreadablePostError):
        _log.debug("the body of a refused request broke off")


def viewer_of(request: HttpRequest) -> Viewer:
    """The signed-in user, or nobody. Tokens open the wire and the API, never pages."""
    known = getattr(request, "viewer", None)
    if known is not None and known.name == request.user.get_username():
        return known  # page and frame share what it has looked up
    viewer = Viewer(user=request.user) if request.user.is_authenticated else ANONYMOUS
    request.viewer = viewer  # type: ignore[attr-defined]
    return viewer


def _moved_url(request: HttpRequest, to: str) -> str:
    """The page asked for, under the repository's new name."""
    match = request.resolver_match
    owner, _, name = to.partition("/")
    if match is None:
        return f"/{quote(to)}"
    captured = match.captured_kwargs  # type: ignore[attr-defined]
    return reverse(match.view_name, kwargs={**captured, "owner": owner, "name": name})
