"""What every request passes first."""

import re
import uuid
from collections.abc import Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

_KEPT = re.compile(r"(%2[Ff5])")
_SAFE_ID = re.compile(r"[\x21-\x7e]{1,200}")

Handler = Callable[[HttpRequest], HttpResponse]


def RequestId(get_response: Handler) -> Handler:
    """Answer with `X-Request-Id`: the caller's own, its trace id, or a new one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-Id") or request.headers.get("X-Amzn-Trace-Id") or ""
        request.id = sent if _SAFE_ID.fullmatch(sent) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def RawPath(get_response: Handler) -> Handler:
    """Route on the path as it was sent, with `%2F` and `%25` still escaped.

    WSGI decodes the path before Django sees it, which turns the branch `feature%2Fx` into two segments. Servers that
    give the raw target (gunicorn: `RAW_URI`) let us keep those two escapes; `hub.core.converters` decodes them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI")
        if raw and raw.startswith("/"):
            path = raw.partition("?")[0]
            request.path_info = "".join(
                part.upper() if _KEPT.fullmatch(part) else unquote(part) for part in _KEPT.split(path)
            )
            request.path = request.path_info
        return get_response(request)

    return middleware
