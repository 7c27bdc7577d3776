"""What errors look like on this wire. No other module knows `X-Error-Code`."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from hub.core.errors import HubError
from hub.protocol.http import absolute, json_response, renamed

# Ours to the clients' names; the clients raise their own exceptions by them.
_CODES = {
    "repo_not_found": "RepoNotFound",
    "revision_not_found": "RevisionNotFound",
    "entry_not_found": "EntryNotFound",
    "gated_repo": "GatedRepo",
    # Of the answers of status 403, clients of all generations show the text of this one alone; a plain one becomes "not
    # in the local cache".
    "policy_denied": "GatedRepo",
}
# Seconds until another try is worth it.
_RETRY_AFTER = {429: "60", 503: "5"}
# Without a token these say "sign in" instead: missing and private look alike.
_UNAUTHORISED_WITHOUT_TOKEN = {"repo_not_found", "gated_repo"}


def answer(request: HttpRequest, error: HubError) -> HttpResponse:
    """The answer to an error: status, code and text in headers (HEAD has no body) and in JSON."""
    if error.code == "repo_moved":
        match = request.resolver_match
        known = match.kwargs if match else {}
        return renamed(request, f"{known.get('owner')}/{known.get('name')}", str(error.detail["to"]))
    anonymous = "Authorization" not in request.headers
    status = 401 if anonymous and error.code in _UNAUTHORISED_WITHOUT_TOKEN else error.status
    text = error.message
    if page := str(error.detail.get("page") or ""):
        text = text.replace(page, absolute(request, quote(page)))
    response = message(status, text, _CODES.get(error.code, ""))
    if commit := error.detail.get("commit"):
        response["X-Repo-Commit"] = str(commit)
    if decision := error.detail.get("decision"):
        response["X-Headstart-Decision"] = decision.outcome
        response["X-Headstart-Rules"] = ", ".join(reason.code for reason in decision.reasons)
    if status == 416:
        response["Content-Range"] = f"bytes */{error.detail['size']}"
    if status in _RETRY_AFTER:
        response["Retry-After"] = _RETRY_AFTER[status]
    return response


def message(status: int, text: str, code: str = "", **more: object) -> HttpResponse:
    """An error in this wire's words; `more` joins the JSON."""
    response = json_response({"error": text, **more}, status)
    response["X-Error-Message"] = _one_line(text)
    if code:
        response["X-Error-Code"] = code
    return response


def _one_line(text: str) -> str:
    """As a header can hold it: one line of Latin-1."""
    line = " ".join(text.split())[:1000].encode("latin-1", "replace").decode("latin-1")
    return "".join(char if char.isprintable() else "?" for char in line)
