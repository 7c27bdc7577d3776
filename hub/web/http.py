"""The one way from a request to a page: who asks, and what becomes of errors."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.errors import RepoMoved
from hub.core.errors import HubError, NotSignedIn
from hub.web.views import errors

View = Callable[..., HttpResponse]


def page(view: View, *, methods: tuple[str, ...] = ("GET", "HEAD"), signed_in: bool = False) -> View:
    """Call `view(request, viewer, …)` and turn what it raises into a page that says what to do."""

    @wraps(view)
    def handle(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        viewer = viewer_of(request)
        try:
            if signed_in and not viewer.is_signed_in:
                raise NotSignedIn
            response = view(request, viewer, **kwargs)
            patch_cache_control(response, private=True)
            return response
        except RepoMoved as moved:
            return redirect(_moved_url(request, str(moved.detail["to"])))
        except NotSignedIn:
            return redirect(f"{reverse('web:login')}?next={quote(request.get_full_path())}")
        except HubError as error:
            return errors.answer(request, error)

    return require_http_methods(list(methods))(handle)


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
