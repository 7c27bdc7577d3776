"""Who am I, and the calls that clients make about themselves."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.selectors import memberships_of
from hub.core.errors import NotSignedIn
from hub.protocol.http import json_response
from hub.protocol.serialize import date
from hub.protocol.wire import Ask, wire


@wire("GET")
def whoami(ask: Ask) -> HttpResponse:
    """The user behind the token, with their organisations."""
    user = ask.viewer.user
    if user is None:
        raise NotSignedIn("Send an access token: Authorization: Bearer hs_…")
    told: dict[str, Any] = {
        "type": "user",
        "id": user.public_id,
        "name": user.username,
        "fullname": user.display_name,
        "email": user.email or None,
        "emailVerified": bool(user.email),
        "canPay": False,
        "isPro": False,
        "avatarUrl": "",
        "orgs": [_organisation(membership) for membership in memberships_of(user)],
    }
    if ask.viewer.token:
        told["auth"] = {
            "type": "access_token",
            "accessToken": {
                "displayName": ask.viewer.token.label,
                "role": "read" if ask.viewer.token.scope == "read" else "write",
                "createdAt": date(ask.viewer.token.created_at),
            },
        }
    return json_response(told)


def _organisation(membership: Any) -> dict[str, Any]:
    organisation = membership.organisation
    return {
        "type": "org",
        "id": organisation.public_id,
        "name": organisation.namespace.name,
        "fullname": organisation.full_name or organisation.namespace.name,
        "canPay": False,
        "isEnterprise": False,
        "avatarUrl": "",
        "roleInOrg": membership.role,
    }


@wire("GET", signed=True)
def agent_harnesses(ask: Ask) -> HttpResponse:
    """Clients ask on first use, and again in each process unless they get an answer."""
    return json_response({"standardEnvVars": [], "harnesses": {}})


@wire("HEAD", "GET", "POST", signed=True)
def telemetry(ask: Ask, *, topic: str = "") -> HttpResponse:
    """Taken and forgotten: this hub counts nothing about its clients."""
    return HttpResponse()
