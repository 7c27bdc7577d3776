"""Requests for gated repositories: what owners list and decide, and how somebody asks without a browser."""

import csv
import io
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
_REPORT = ("requestId", "status", "timestamp", "user", "fullname", "email", "expires", "decidedBy", "reason")
# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@wire("GET")
def listing(ask: Ask, *, status: str) -> HttpResponse:
    repo = ask.repo
    if status not in STATUSES:
        raise InvalidInput(f"There are no {status[:40]!r} requests; ask for {', '.join(STATUSES)}.")
    found = selectors.access_requests(ask.viewer, repo, status)
    _check_gated(repo)
    return page_of(ask.request, found, _shape)


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
    return json_response(_shape(made))


@wire("POST")
def ask(ask: Ask) -> HttpResponse:
    """The gate's form, as JSON or as a browser sends it; each field by its name in the card."""
    made = services.request_access(by=ask.viewer, repo=ask.repo, fields=_answers(ask.request))
    return json_response({"requestId": made.public_id, "status": made.status})


@wire("GET")
def report(ask: Ask) -> HttpResponse:
    """All requests as a table for a spreadsheet."""
    rows = [_shape(request) for request in selectors.access_requests(ask.viewer, ask.repo)]
    asked = list(dict.fromkeys(name for row in rows for name in row["fields"]))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(name) for name in (*_REPORT, *asked)])
    for row in rows:
        told = row | {"expires": row.get("expiresAt") or "", **row["user"]}
        cells = [told.get(name, "") for name in _REPORT] + [row["fields"].get(name, "") for name in asked]
        writer.writerow([_cell(cell) for cell in cells])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="access-requests.csv"'
    return response


def _shape(request: Any) -> dict[str, Any]:
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


def _cell(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
