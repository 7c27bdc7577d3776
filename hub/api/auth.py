"""Who calls: the bearer of an access token, or someone signed in on the site. `request.auth` is their Viewer."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.request import Request

from hub.accounts import selectors, services
from hub.accounts.viewer import ANONYMOUS, Viewer


class BearerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`; a bad token is an error, never a visitor."""

    def authenticate(self, request: Request) -> tuple[object, Viewer] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            return None
        viewer = selectors.viewer_for_token(secret.strip())
        if viewer.token and selectors.needs_touch(viewer.token):
            services.touch_token(token=viewer.token)
        return viewer.user, viewer

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's session, with its CSRF check."""

    def authenticate(self, request: Request) -> tuple[object, Viewer] | None:
        found = super().authenticate(request)
        return (found[0], Viewer(user=found[0])) if found else None


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "hub.api.auth.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "hub.api.auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def viewer_of(request: Request) -> Viewer:
    """The viewer behind a request that passed the authentication above."""
    return request.auth if isinstance(request.auth, Viewer) else ANONYMOUS
