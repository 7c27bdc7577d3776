"""What every page answers with, and where a user who must change their password is sent first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hub.core.errors import TooLarge
from hub.core.text import digits
from hub.web.http import drain
from hub.web.pages import words
from hub.web.pages.upload import PLAIN_LIMIT
from hub.web.views import errors

PAGES = frozenset({"web", "admin"})
# Bytes that users uploaded are served from this very origin. Should a browser show them as a page, that page can do
# nothing: no script, no style from elsewhere, no forms, an origin of its own.
INERT = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox"


class ContentSecurityPolicy:
    """A strict policy for pages (no inline script or style), and an inert one for everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Content-Security-Policy"):
            response["Content-Security-Policy"] = policy_for(request)
        return response


def policy_for(request: HttpRequest) -> str:
    match = request.resolver_match
    if match and match.app_names and match.app_names[0] not in PAGES:
        return INERT
    if match and not match.app_names:
        return INERT
    ours = _static_source(request)
    words = _admin_words(request) if match and match.app_names else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {ours}{words}",
            f"style-src {ours}",
            f"img-src 'self'{_image_proxy()}",
            "media-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _admin_words(request: HttpRequest) -> str:
    """The one script of the admin that is no file: its words for calendars. For the admin's own pages alone."""
    match, host = request.resolver_match, request.get_host()
    if match is None or match.app_names[0] != "admin" or host.startswith("["):
        return ""
    return f" {host}{reverse('admin:jsi18n')}"


def _image_proxy() -> str:
    """The origin of the proxy that brings pictures from elsewhere, if there is one."""
    parts = urlsplit(settings.IMAGE_PROXY)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _static_source(request: HttpRequest) -> str:
    """Our static folder alone: `'self'` would also take a script that somebody pushed to a repository."""
    if settings.STATIC_URL.startswith(("https://", "http://")):
        return settings.STATIC_URL
    host = request.get_host()
    # A policy can't name an IPv6 address.
    return "'self'" if host.startswith("[") else f"{host}{settings.STATIC_URL}"


class FormSize:
    """Refuse a form with files that is larger than any page takes, before its files are read: whoever looks at one of
    its fields, the CSRF check first of all, makes Django write all of them to disk."""

    # What a form has beside its files.
    rest = 2 * 1000**2

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        is_ours = match is not None and bool(match.app_names) and match.app_names[0] in PAGES
        length = digits(str(request.META.get("CONTENT_LENGTH") or "")) or 0
        if not is_ours or request.content_type != "multipart/form-data" or length <= PLAIN_LIMIT + self.rest:
            return None
        drain(request)
        message = (
            f"What you sent has {words.size(length)}; a plain form takes up to {words.size(PLAIN_LIMIT)}. "
            "Nothing was kept. Send fewer files at a time, allow JavaScript for this site (then files of any size go), "
            "or use headstart push."
        )
        return errors.answer(request, TooLarge(message))


class PasswordFirst:
    """Send a user with a one-time password to change it, before any page."""

    allowed = frozenset({"web:password", "web:logout"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.app_names or match.app_names[0] not in PAGES or match.view_name in self.allowed:
            return None
        user = request.user
        return redirect("web:password") if user.is_authenticated and user.must_change_password else None
