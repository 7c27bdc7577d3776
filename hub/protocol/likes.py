"""Likes. Clients can take one back and read them; the call that gives one is the public hub's own page's."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.selectors import find_user
from hub.community import selectors, services
from hub.protocol.http import json_response
from hub.protocol.paging import page_of
from hub.protocol.people import person
from hub.protocol.serialize import date
from hub.protocol.wire import Ask, wire


@wire("POST")
def like(ask: Ask) -> HttpResponse:
    services.like(by=ask.viewer, repo=ask.repo)
    return json_response({"liked": True})


@wire("DELETE")
def unlike(ask: Ask) -> HttpResponse:
    services.unlike(by=ask.viewer, repo=ask.repo)
    return json_response({"liked": False})


@wire("GET")
def likers(ask: Ask) -> HttpResponse:
    return page_of(ask.request, selectors.likers_of(ask.viewer, ask.repo), lambda row: person(row.user))


@wire("GET")
def likes_of_user(ask: Ask) -> HttpResponse:
    """What somebody likes, of what the caller may see."""
    return page_of(ask.request, selectors.likes_of(ask.viewer, find_user(ask.name)), _like)


def _like(row: Any) -> dict[str, Any]:
    return {"createdAt": date(row.liked_at), "repo": {"name": row.repo.full_name, "type": row.repo.kind}}
