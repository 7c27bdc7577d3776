"""Who am I, and the calls that clients make about themselves."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.selectors import find_organisation, find_user, members_of, memberships_of
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


@wire("GET")
def user_overview(ask: Ask) -> HttpResponse:
    user = find_user(ask.name)
    orgs = [_person_or_org(row.organisation.namespace.name, row.organisation.full_name) for row in memberships_of(user)]
    told = {"user": user.username, "fullname": user.display_name, "avatarUrl": "", "type": "user", "isPro": False}
    return json_response({**told, "createdAt": date(user.joined_at), "orgs": orgs if ask.viewer.is_signed_in else []})


@wire("GET")
def organisation_overview(ask: Ask) -> HttpResponse:
    organisation = find_organisation(ask.name)
    told = {"type": "org", "avatarUrl": "", "isEnterprise": False, "createdAt": date(organisation.created_at)}
    return json_response({**_person_or_org(organisation.namespace.name, organisation.full_name), **told})


@wire("GET")
def organisation_members(ask: Ask) -> HttpResponse:
    """Members, told to members alone; everyone else sees an empty list."""
    people = [membership.user for membership in members_of(ask.viewer, find_organisation(ask.name))]
    return json_response([{"user": user.username, "fullname": user.display_name, "avatarUrl": ""} for user in people])


def _person_or_org(name: str, full_name: str) -> dict[str, str]:
    return {"name": name, "fullname": full_name or name, "avatarUrl": ""}


@wire("GET", signed=True)
def agent_harnesses(ask: Ask) -> HttpResponse:
    """Clients ask on first use, and again in each process unless they get an answer."""
    return json_response({"standardEnvVars": [], "harnesses": {}})


@wire("HEAD", "GET", "POST", signed=True)
def telemetry(ask: Ask, *, topic: str = "") -> HttpResponse:
    """Taken and forgotten: this hub counts nothing about its clients."""
    return HttpResponse()
