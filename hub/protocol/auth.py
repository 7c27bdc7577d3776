"""Who asks: a bearer token, or, for reading only, the session of the site."""

import base64

from django.conf import settings
from django.http import HttpRequest

from hub.accounts.errors import BadToken
from hub.accounts.selectors import needs_touch, viewer_again, viewer_for_token
from hub.accounts.services import touch_token
from hub.accounts.viewer import ANONYMOUS, Viewer

_SAFE = {"GET", "HEAD", "OPTIONS"}


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer behind the request; `BadToken` when it sends a token that opens nothing.

    A session counts for safe methods only: the wire has no CSRF check, so a cookie must not change anything.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return _viewer_of_session(request) if request.method in _SAFE else ANONYMOUS
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "basic":
        credentials = _password(credentials)
    elif scheme.lower() != "bearer":
        raise BadToken
    viewer = viewer_for_token(credentials.strip())
    if viewer.token and needs_touch(viewer.token):
        touch_token(token=viewer.token)
    return viewer


def bearer_of(viewer: Viewer) -> list[str]:
    """What a signed address keeps of the viewer it is made for."""
    return [viewer.user.public_id if viewer.user else "", viewer.token.public_id if viewer.token else ""]


def viewer_behind(bearer: list[str]) -> Viewer:
    """The viewer of `bearer_of`, as they are now. A signed address opens what they may, not what they might once."""
    user_id, token_id = bearer
    return viewer_again(user_id, token_id)


def _password(credentials: str) -> str:
    """git and git-lfs send the token as a password."""
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except ValueError as error:
        raise BadToken from error


def _viewer_of_session(request: HttpRequest) -> Viewer:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ANONYMOUS
    user = request.user
    return Viewer(user=user) if user.is_authenticated else ANONYMOUS
