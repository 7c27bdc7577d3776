"""git-lfs as the clients speak it: plan a transfer, take the bytes, hand them out."""

import re
from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hub.accounts.viewer import Viewer
from hub.catalog import selectors, services
from hub.catalog.permissions import check_read_content, check_write
from hub.core.body import body_stream
from hub.core.errors import Forbidden, HubError, InvalidInput, TooLarge
from hub.governance.errors import PullDenied
from hub.governance.services import pulls
from hub.protocol import policy
from hub.protocol.auth import bearer_of, viewer_behind
from hub.protocol.http import (
    LengthRequired,
    absolute,
    content_length,
    deliver_response,
    json_body,
    json_response,
    requested_span,
    text_in,
)
from hub.protocol.serialize import PREFIXES
from hub.protocol.wire import Ask, wire
from hub.storage import services as storage
from hub.storage.errors import BlobNotFound, NotHeld, UploadNotFound, WrongSize
from hub.storage.services import UploadPlan

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TYPE = "application/vnd.git-lfs+json"
_LIFETIME = 24 * 3600
_MOST_OBJECTS = 2000
MAIN = "refs/heads/main"


@wire("POST")
def batch(ask: Ask) -> HttpResponse:
    """What to send where. The addresses carry a signed right of their own, good for a day."""
    body = json_body(ask.request)
    repo = ask.repo
    operation, transfers = text_in(body, "operation"), body.get("transfers") or ["basic"]
    if not isinstance(transfers, list):
        raise InvalidInput('"transfers" must be a list.')
    if body.get("hash_algo", "sha256") != "sha256":
        raise InvalidInput("This hub names large files by sha256 only.")
    if operation == "download":
        check_read_content(ask.viewer, repo)
        return _answer("basic", _downloads(ask, repo, _objects(body), _ref_of(body)))
    if operation != "upload":
        raise InvalidInput(f"{operation[:40]!r} is no operation; send upload or download.")
    check_write(ask.viewer, repo)
    if "xet" in transfers:
        return _answer("xet", [{"oid": oid, "size": size} for oid, size in _objects(body)])
    # A client that offers nothing but parts wants every file in parts, so that it can go on where it broke off.
    parts = {"single": "multipart" not in transfers, "in_parts": transfers == ["multipart"]}
    told = [_upload(ask, repo, oid, size, **parts) for oid, size in _objects(body)]
    in_parts = any("chunk_size" in item.get("actions", {}).get("upload", {}).get("header", {}) for item in told)
    return _answer("multipart" if in_parts else "basic", told)


@wire("PUT", signed=True)
def put(ask: Ask, *, ticket: str) -> HttpResponse:
    """The whole object, or one of its parts; sending it twice is fine."""
    told = _open(ticket, "put")
    repo = _writable(told)
    if "CONTENT_LENGTH" not in ask.request.META:
        raise LengthRequired
    length = content_length(ask.request)
    try:
        body = body_stream(ask.request)
        etag = storage.receive_part(upload_id=told["upload"], number=told["part"], body=body, length=length)
        if told["parts"] == 1:
            storage.finish_upload(upload_id=told["upload"])
    except UploadNotFound:
        etag = _etag_of_finished(repo, told)
    return HttpResponse(headers={"ETag": f'"{etag}"'})


@wire("POST", signed=True)
def complete(ask: Ask, *, ticket: str) -> HttpResponse:
    """All parts were sent: verify and keep them. The hub knows its parts, so the list in the body is not needed."""
    told = _open(ticket, "complete")
    repo = _writable(told)
    json_body(ask.request)
    try:
        storage.finish_upload(upload_id=told["upload"])
    except UploadNotFound:
        _etag_of_finished(repo, told)
    return json_response({"success": True})


@wire("POST")
def verify(ask: Ask) -> HttpResponse:
    body = json_body(ask.request)
    repo = ask.repo
    check_write(ask.viewer, repo)
    [(oid, size)] = _objects({"objects": [body]})
    held = storage.held(scope=repo.scope, sha256s=[oid])
    if oid not in held:
        raise NotHeld(f"{repo.full_name} doesn't hold {oid}. Upload it again.")
    if held[oid] != size:
        raise WrongSize(f"{oid} has {held[oid]:,} bytes, not {size:,} as announced.")
    return json_response({"success": True})


@wire("GET", "HEAD", signed=True)
def get(ask: Ask, *, ticket: str) -> HttpResponseBase:
    told = _open(ticket, "get")
    viewer = viewer_behind(told["for"])
    repo = selectors.find_repo_again(viewer, public_id=told["repo"])
    check_read_content(viewer, repo)
    if told["oid"] not in storage.held(scope=repo.scope, sha256s=[told["oid"]], committed=True):
        raise BlobNotFound("This repository has no such object any more.")
    asked = {"ref": told.get("ref", MAIN), "purpose": told.get("purpose", "")}
    client, files = policy.client_of(ask.request), int(ask.request.method == "GET")
    pulls.check_object(viewer, repo, told["oid"], **asked, client=client, files=files)
    headers = {"ETag": f'"{told["oid"]}"', "Content-Type": "application/octet-stream"}
    span = requested_span(ask.request, told["size"], told["oid"])
    start, length = (span.start, span.length) if span else (0, None)
    delivery = storage.deliver(sha256=told["oid"], start=start, length=length)
    return deliver_response(ask.request, delivery, headers, span)


def _upload(ask: Ask, repo: Any, oid: str, size: int, **parts: bool) -> dict[str, Any]:
    try:
        plan = services.begin_upload(by=ask.viewer, repo=repo, sha256=oid, size=size, **parts)
    except HubError as error:
        return {"oid": oid, "size": size, "error": {"code": error.status, "message": error.message}}
    if plan.is_present:
        return {"oid": oid, "size": size}
    request, ticket = ask.request, _ticket(ask.viewer, repo, oid, plan)
    verify_at = absolute(request, f"/{PREFIXES[repo.kind]}{repo.full_name}.git/info/lfs/objects/verify")
    upload = _parts(request, ticket, plan) if plan.part_count > 1 else {"href": _put_address(request, ticket, 1)}
    actions = {"upload": {**upload, "expires_in": _LIFETIME}, "verify": {"href": verify_at}}
    return {"oid": oid, "size": size, "authenticated": True, "actions": actions}


def _parts(request: HttpRequest, ticket: dict[str, Any], plan: UploadPlan) -> dict[str, Any]:
    # `received` is ours: stock clients read the keys that are numbers, and send those parts again.
    header = {"chunk_size": str(plan.part_size), "received": ",".join(map(str, sorted(plan.received)))}
    for number in range(1, plan.part_count + 1):
        header[str(number)] = _put_address(request, ticket, number)
    return {"href": _address(request, "complete", ticket), "header": header}


def _put_address(request: HttpRequest, ticket: dict[str, Any], number: int) -> str:
    return _address(request, "put", {**ticket, "part": number})


def _ticket(viewer: Viewer, repo: Any, oid: str, plan: UploadPlan) -> dict[str, Any]:
    return {
        "upload": plan.upload_id,
        "parts": plan.part_count,
        "oid": oid,
        "repo": repo.public_id,
        "for": bearer_of(viewer),
    }


def _writable(told: dict[str, Any]) -> Any:
    """The repository that the address was made for, while it is there and its maker may push to it."""
    viewer = viewer_behind(told["for"])
    repo = selectors.find_repo_again(viewer, public_id=told["repo"])
    check_write(viewer, repo)
    return repo


def _ref_of(body: Mapping[str, Any]) -> str:
    ref = body.get("ref")
    name = ref.get("name") if isinstance(ref, dict) else None
    return name if isinstance(name, str) and name else MAIN


def _downloads(ask: Ask, repo: Any, objects: list[tuple[str, int]], ref: str) -> list[dict[str, Any]]:
    held = storage.held(scope=repo.scope, sha256s=[oid for oid, _ in objects], committed=True)
    return [_download(ask, repo, oid, held.get(oid), ref) for oid, _ in objects]


def _download(ask: Ask, repo: Any, oid: str, size: int | None, ref: str) -> dict[str, Any]:
    if size is None:
        return {"oid": oid, "size": 0, "error": {"code": 404, "message": "This repository has no such object."}}
    purpose = policy.purpose_of(ask.request)
    try:
        pulls.check_object(ask.viewer, repo, oid, ref=ref, purpose=purpose, client=policy.client_of(ask.request))
    except PullDenied as error:
        return {"oid": oid, "size": size, "error": {"code": error.status, "message": error.message}}
    told = {"oid": oid, "size": size, "repo": repo.public_id, "for": bearer_of(ask.viewer)}
    href = _address(ask.request, "get", {**told, "ref": ref, "purpose": purpose})
    return {
        "oid": oid,
        "size": size,
        "authenticated": True,
        "actions": {"download": {"href": href, "expires_in": _LIFETIME}},
    }


def _objects(body: Mapping[str, Any]) -> list[tuple[str, int]]:
    objects = body.get("objects")
    if not isinstance(objects, list):
        raise InvalidInput('The body needs "objects", a list.')
    if len(objects) > _MOST_OBJECTS:
        raise TooLarge(f"{len(objects):,} objects were sent; ask for {_MOST_OBJECTS:,} or fewer at a time.")
    return [_object(item) for item in objects]


def _object(item: Any) -> tuple[str, int]:
    oid, size = (item.get("oid"), item.get("size")) if isinstance(item, dict) else (None, None)
    if not isinstance(oid, str) or not _SHA256.fullmatch(oid):
        raise InvalidInput("Each object needs an oid of 64 lower-case hex digits.")
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise InvalidInput(f"The object {oid} needs a size, a number of bytes.")
    return oid, size


def _etag_of_finished(repo: Any, told: dict[str, Any]) -> str:
    """An upload that is gone was finished, if the repository holds what it brought: then a repeat is no error."""
    if told["oid"] not in storage.held(scope=repo.scope, sha256s=[told["oid"]]):
        raise UploadNotFound
    return str(told["oid"])


def _address(request: HttpRequest, verb: str, told: dict[str, Any]) -> str:
    return absolute(request, f"/api/lfs/{verb}/{signing.dumps(told, salt=f'lfs.{verb}')}")


def _open(ticket: str, verb: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = signing.loads(ticket, salt=f"lfs.{verb}", max_age=_LIFETIME)
    except signing.SignatureExpired as error:
        raise Forbidden("This address has expired. Ask for a new one by the batch call.") from error
    except signing.BadSignature as error:
        raise Forbidden("This address was not given out by this hub.") from error
    return told


def _answer(transfer: str, objects: list[dict[str, Any]]) -> HttpResponse:
    response = json_response({"transfer": transfer, "objects": objects, "hash_algo": "sha256"})
    response["Content-Type"] = _TYPE
    return response
