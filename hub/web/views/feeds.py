"""Atom feeds. A reader of feeds has no session: it may send an access token, as a bearer or as a password."""

import base64

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from hub.accounts.errors import BadToken
from hub.accounts.selectors import viewer_for_token
from hub.accounts.viewer import Viewer
from hub.web.pages import feeds as pages


def feed(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    origin = request.build_absolute_uri("/").rstrip("/")
    found = pages.build(_viewer_of_reader(request) or viewer, name, origin)
    unchanged = get_conditional_response(request, etag=found.etag)
    response = unchanged or HttpResponse(
        pages.render(found, origin), content_type="application/atom+xml; charset=utf-8", headers={"ETag": found.etag}
    )
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def _viewer_of_reader(request: HttpRequest) -> Viewer | None:
    """Whose token the request carries; `BadToken` for one that opens nothing."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() == "basic":
        try:
            credentials = base64.b64decode(credentials, validate=True).decode().partition(":")[2]
        except ValueError as error:
            raise BadToken from error
    elif scheme.lower() != "bearer":
        raise BadToken
    return viewer_for_token(credentials.strip())
