"""People and organisations as others see them."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.selectors import find_organisation, find_user, members_of, organisations_of
from hub.catalog.selectors import count_repos
from hub.community import selectors
from hub.protocol.http import json_response
from hub.protocol.paging import page_of
from hub.protocol.serialize import date
from hub.protocol.wire import Ask, wire


@wire("GET")
def user_overview(ask: Ask) -> HttpResponse:
    """A user, with what the caller may see of theirs."""
    user = find_user(ask.name)
    orgs = [organisation(row.organisation) for row in organisations_of(ask.viewer, user)]
    told = {**person(user), "type": "user", "isPro": False, "createdAt": date(user.joined_at), "orgs": orgs}
    told |= _counts(ask, user.namespace)
    told["numFollowing"] = selectors.owners_watched_by(user).count()
    told["numLikes"] = selectors.likes_of(ask.viewer, user).count()
    return json_response(told | ({"details": user.bio} if user.bio else {}))


@wire("GET")
def organisation_overview(ask: Ask) -> HttpResponse:
    found = find_organisation(ask.name)
    told = {**organisation(found), "type": "org", "isEnterprise": False, "createdAt": date(found.created_at)}
    told |= _counts(ask, found.namespace)
    if ask.viewer.role_in(found.namespace_id) is not None:
        told["numUsers"] = members_of(ask.viewer, found).count()
    return json_response(told | ({"details": found.description} if found.description else {}))


@wire("GET")
def organisation_members(ask: Ask) -> HttpResponse:
    """Members, told to members alone; everyone else sees an empty list."""
    return page_of(ask.request, members_of(ask.viewer, find_organisation(ask.name)), lambda row: person(row.user))


@wire("GET")
def user_followers(ask: Ask) -> HttpResponse:
    """Who watches this user."""
    rows = selectors.watchers_of(find_user(ask.name).namespace)
    return page_of(ask.request, rows, lambda row: person(row.user))


@wire("GET")
def organisation_followers(ask: Ask) -> HttpResponse:
    rows = selectors.watchers_of(find_organisation(ask.name).namespace)
    return page_of(ask.request, rows, lambda row: person(row.user))


@wire("GET")
def following(ask: Ask) -> HttpResponse:
    """The owners that this user watches."""
    return page_of(ask.request, selectors.owners_watched_by(find_user(ask.name)), _watched)


def person(user: Any) -> dict[str, Any]:
    return {"user": user.username, "fullname": user.display_name, "avatarUrl": ""}


def organisation(found: Any) -> dict[str, Any]:
    return {"name": found.namespace.name, "fullname": found.full_name or found.namespace.name, "avatarUrl": ""}


def _counts(ask: Ask, namespace: Any) -> dict[str, Any]:
    repos = count_repos(ask.viewer, namespace)
    told = {"numModels": repos["model"], "numDatasets": repos["dataset"], "numSpaces": 0}
    told["numFollowers"] = selectors.watchers_of(namespace).count()
    if ask.viewer.is_signed_in:
        told["isFollowing"] = selectors.is_watching(ask.viewer, namespace)
    return told


def _watched(row: Any) -> dict[str, Any]:
    """The clients read every one of them as a user."""
    name = row.owner.name
    kind = "org" if row.owner.kind == "org" else "user"
    return {"user": name, "fullname": name, "avatarUrl": "", "type": kind}
