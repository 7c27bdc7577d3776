"""Xet: how stock clients upload large files. Each repository has an address of its own, `/xet/<key>.g<generation>`.

Clients remember by address what they sent, so chunks of one repository are never taken for known in another. What is
not offered here (grants, v2 shards, dedup answers, downloads over Xet) answers 404, on which clients do without it.
"""

from dataclasses import dataclass
from typing import NoReturn

from django.core import signing
from django.http import HttpRequest, HttpResponse

from hub.catalog import selectors
from hub.catalog.permissions import check_read_content, check_write
from hub.core import clock
from hub.core.body import body_stream, free_when_stalled
from hub.core.errors import Forbidden, HubError, NotSignedIn
from hub.core.text import digits
from hub.protocol import policy
from hub.protocol.auth import bearer_of, viewer_behind
from hub.protocol.http import LengthRequired, absolute, body_of, json_response
from hub.protocol.wire import Ask, wire
from hub.storage.selectors import find_scope
from hub.storage.services.xet import receive_shard, receive_xorb

_SALT = "hub.protocol.xet"
_LIFETIME = 3600
# A 401 ends a client's transfer, and it renews its token only shortly before the end.
_GRACE = 60


class NotOffered(HubError):
    """This hub doesn't offer that call."""

    code = "not_offered"
    status = 404


@dataclass(frozen=True)
class _Grant:
    """What a Xet token lets its bearer do: with one repository's chunks, at one address, until `expires_at`."""

    key: str
    generation: int
    bearer: list[str]
    may_write: bool
    expires_at: int

    def signed(self) -> str:
        fields = [self.key, self.generation, self.bearer, self.may_write, self.expires_at]
        return signing.dumps(fields, salt=_SALT)


@wire("GET")
def xet_token(ask: Ask, *, revision: str, access: str) -> HttpResponse:
    """A token for the repository's Xet address: in JSON for the transfer library, in headers for the Python client."""
    repo = ask.repo
    if access == "write":
        check_write(ask.viewer, repo)
    else:
        check_read_content(ask.viewer, repo)
        policy.check(ask.request, ask.viewer, selectors.revision_of(repo, revision))
    scope, expires_at = repo.scope, int(clock.now().timestamp()) + _LIFETIME
    token = _Grant(scope.key, scope.generation, bearer_of(ask.viewer), access == "write", expires_at).signed()
    url = absolute(ask.request, f"/xet/{scope.key}.g{scope.generation}")
    headers = {
        "X-Xet-Cas-Url": url,
        "X-Xet-Access-Token": token,
        "X-Xet-Token-Expiration": str(expires_at),
        "Cache-Control": "no-store",
    }
    return json_response({"casUrl": url, "accessToken": token, "exp": expires_at}, headers=headers)


@wire("POST", signed=True)
def xorb(ask: Ask, *, key: str, generation: str, xorb_hash: str) -> HttpResponse:
    request = ask.request
    _check_token(request, key, int(generation), writes=True)
    scope, length = find_scope(key, int(generation)), _length_of(request)
    free_when_stalled(request)
    was_inserted = receive_xorb(scope=scope, xorb_hash=xorb_hash, body=body_stream(request), length=length)
    return json_response({"was_inserted": was_inserted})


@wire("POST", signed=True)
def shard(ask: Ask, *, key: str, generation: str) -> HttpResponse:
    request = ask.request
    _check_token(request, key, int(generation), writes=True)
    scope, length = find_scope(key, int(generation)), _length_of(request)
    free_when_stalled(request)
    receive_shard(scope=scope, body=request, length=length)
    return json_response({"result": 1})


@wire("GET", "HEAD", "POST", "PUT", signed=True)
def not_offered(_ask: Ask) -> NoReturn:
    raise NotOffered


@wire("POST", signed=True)
def telemetry(ask: Ask) -> HttpResponse:
    """Taken and forgotten. Clients send it to the root of the host, whatever their Xet address."""
    body_of(ask.request)
    return HttpResponse(status=204)


def _check_token(request: HttpRequest, key: str, generation: int, *, writes: bool) -> None:
    """The bearer token is ours, for this address, not run out, goes as far as that, and its bearer still does."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        grant = _Grant(*signing.loads(token.strip(), salt=_SALT)) if scheme.lower() == "bearer" else None
    except (signing.BadSignature, TypeError):
        grant = None
    if grant is None or grant.expires_at + _GRACE < clock.now().timestamp():
        raise NotSignedIn("The Xet token is missing, not valid, or has run out. Start the transfer again.")
    if grant.key != key or grant.generation != generation:
        raise Forbidden("The Xet token is for another address than this one. Start the transfer again.")
    if writes and not grant.may_write:
        raise Forbidden("The Xet token lets you read only; to push, your account needs the role write here.")
    viewer = viewer_behind(grant.bearer)
    repo = selectors.find_repo_again(viewer, scope_key=key)
    check_write(viewer, repo) if writes else check_read_content(viewer, repo)


def _length_of(request: HttpRequest) -> int:
    length = digits(str(request.META.get("CONTENT_LENGTH") or ""))
    if length is None:
        raise LengthRequired
    return length
