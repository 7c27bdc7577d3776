"""Pages for what went wrong, each with a way on."""

import logging
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.core.errors import HubError
from hub.web.pages.errors import ErrorPage

log = logging.getLogger(__name__)
# Fields that somebody may have written in for an hour.
_LONG = ("text", "body", "description")


def answer(request: HttpRequest, error: HubError) -> HttpResponse:
    """The page for an error that a selector or a service raised."""
    if error.status == 404:
        return _render(request, ErrorPage.not_found(error.message))
    if error.status >= 500:
        log.error("%s: %s", error.code, error.message)
    return _render(request, ErrorPage.refused(error.status, error.message, str(error.detail.get("page") or "")))


def forbidden(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return _render(request, ErrorPage.refused(403, "You may not do this."))


def csrf_failed(request: HttpRequest, **_: Any) -> HttpResponse:
    message = "This form was too old, or came from elsewhere. Load the page again, then send it."
    # Never another site's words on our page.
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    kept = tuple(filter(None, (request.POST.get(name) for name in _LONG))) if is_ours else ()
    return _render(request, replace(ErrorPage.refused(403, message), kept=kept))


def not_found(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return _render(request, ErrorPage.not_found())


def server_error(request: HttpRequest) -> HttpResponse:
    return _render(request, ErrorPage.broken(getattr(request, "id", "")))


def _render(request: HttpRequest, page: ErrorPage) -> HttpResponse:
    return render(request, "web/error.html", {"page": page}, status=page.status)
