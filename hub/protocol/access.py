"""Requests for gated repositories: what owners list and decide, and how somebody asks without a browser."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.accounts.selectors import find_namespace
from hub.core.errors import InvalidInput
from hub.governance.errors import NotGated
from hub.governance.selectors import access as selectors
from hub.governance.services import access as services
from hub.protocol.http import json_body, json_response, text_in
from hub.protocol.paging import page_of
from hub.protocol.serialize import date
from hub.protocol.wire import Ask, wire

STATUSES = ("pending", "accepted", "rejected")


@wire("GET")
def listing(ask: Ask, *, status: str) -> HttpResponse:
    repo = ask.repo
    if status not in STATUSES:
        raise InvalidInput(f"There are no {status[:40]!r} requests; ask for {', '.join(STATUSES)}.")
    found = selectors.access_requests(ask.viewer, repo, status)
    _check_gated(repo)
    return page_of(ask.request, found, shape)


@wire("POST")
def handle(ask: Ask) -> HttpResponse:
    """By the reader's name or by the request's id. What stands there already is a 404."""
    repo, body = ask.repo, json_body(ask.request)
    user, request_id = text_in(body, "user", ""), text_in(body, "requestId", "")
    status, reason = text_in(body, "status"), text_in(body, "rejectionReason", "")
    if bool(user) == bool(request_id):
        raise InvalidInput("Name one of user and requestId.")
    if status not in STATUSES:
        raise InvalidInput(f"status must be one of {', '.join(STATUSES)}.")
    request = selectors.access_request(ask.viewer, repo, reader=user, public_id=request_id)
    _check_gated(repo)
    services.decide(by=ask.viewer, request=request, status=status, reason=reason)
    return json_response({"success": True})


@wire("POST")
def grant(ask: Ask) -> HttpResponse:
    """`user` is a person's name, or an organisation's: then all its members are let in."""
    repo, body = ask.repo, json_body(ask.request)
    services.check_decides(ask.viewer, repo)
    made = services.grant(by=ask.viewer, repo=repo, reader=find_namespace(text_in(body, "user")))
    return json_response(shape(made))


@wire("POST")
def ask(ask: Ask) -> HttpResponse:
    """The gate's form, as JSON or as a browser sends it; each field by its name in the card."""
    made = services.request_access(by=ask.viewer, repo=ask.repo, fields=_answers(ask.request))
    return json_response({"requestId": made.public_id, "status": made.status})


def shape(request: Any) -> dict[str, Any]:
    """As the clients read it; an organisation takes a user's place. Addresses of those who never asked stay theirs."""
    told = {
        "requestId": request.public_id,
        "status": request.status,
        "timestamp": date(request.asked_at),
        "user": _reader(request),
        "fields": request.fields,
        "message": request.message,
        "decidedBy": request.decided_by,
        "reason": request.reason,
    }
    return told | ({"expiresAt": date(request.expires_at)} if request.expires_at else {})


def _reader(request: Any) -> dict[str, Any]:
    name = request.reader
    if name.kind == "org":
        return {"user": name.name, "fullname": name.organisation.full_name or name.name, "type": "org"}
    told = {"user": name.name, "fullname": name.user.display_name, "type": "user"}
    email = "" if request.is_granted else name.user.email
    return told | ({"email": email} if email else {})


def _answers(request: HttpRequest) -> dict[str, Any]:
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {name: request.POST[name] for name in request.POST}
    return json_body(request)


def _check_gated(repo: Any) -> None:
    if not repo.gate:
        raise NotGated(f"{repo.full_name} is not gated: whoever can see it can pull it.")
