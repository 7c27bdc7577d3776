"""A repository's life: create, delete, move, settings."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.accounts.viewer import Viewer
from hub.catalog import selectors, services
from hub.catalog.errors import RepoExists, RepoMoved, RepoNotFound
from hub.catalog.permissions import check_read_content, check_write
from hub.core.errors import InvalidInput, NotSignedIn
from hub.protocol import errors
from hub.protocol.http import absolute, is_true, json_body, json_response, text_in
from hub.protocol.serialize import PREFIXES
from hub.protocol.wire import Ask, wire

_KINDS = {"model": "model", "models": "model", "dataset": "dataset", "datasets": "dataset"}


@wire("POST")
def create(ask: Ask) -> HttpResponse:
    """Answers with the repository's address, also in the 409 when it exists: that is how `exist_ok` works."""
    body = json_body(ask.request)
    kind = kind_in(body)
    owner, name = _owner_and_name(body, ask.viewer)
    try:
        repo = services.create_repo(by=ask.viewer, kind=kind, owner=owner, name=name, private=private_in(body))
    except RepoExists as error:
        existing = str(error.detail.get("repo") or f"{owner}/{name}")
        text = f"You already created this {kind} repo: {existing}"
        return errors.message(409, text, url=address(ask.request, kind, existing), name=existing)
    url = address(ask.request, kind, repo.full_name)
    return json_response({"url": url, "name": repo.full_name, "id": repo.public_id, "private": repo.is_private})


@wire("DELETE")
def delete(ask: Ask) -> HttpResponse:
    body = json_body(ask.request)
    owner, name = _owner_and_name(body, ask.viewer)
    services.delete_repo(by=ask.viewer, repo=_find(ask.viewer, kind_in(body), owner, name))
    return HttpResponse(status=200)


@wire("POST")
def move(ask: Ask) -> HttpResponse:
    body = json_body(ask.request)
    kind = kind_in(body)
    repo = _find(ask.viewer, kind, *split(text_in(body, "fromRepo")))
    to_owner, to_name = split(text_in(body, "toRepo"))
    try:
        services.move_repo(by=ask.viewer, repo=repo, to_owner=to_owner, to_name=to_name)
    except RepoExists:
        return errors.message(409, f"A {kind} repository called {to_owner}/{to_name} already exists")
    return json_response({"success": True, "url": address(ask.request, kind, f"{to_owner}/{to_name}")})


@wire("PUT")
def settings(ask: Ask) -> HttpResponse:
    body = json_body(ask.request)
    repo = ask.repo
    changes: dict[str, Any] = {}
    if (private := private_in(body)) is not None:
        changes["private"] = private
    if "gated" in body:
        changes["gated"] = _gate_in(body["gated"])
    services.update_settings(by=ask.viewer, repo=repo, **changes)
    found = selectors.find_repo(ask.viewer, ask.kind, repo.owner.name, repo.name)
    visibility = "private" if found.is_private else "public"
    return json_response({"private": found.is_private, "visibility": visibility, "gated": found.gate or False})


@wire("GET")
def auth_check(ask: Ask, *, what: str = "") -> HttpResponse:
    """200 when the ask.viewer may pull (with `what="write"`: push)."""
    repo = ask.repo
    if what == "write":
        check_write(ask.viewer, repo)
    else:
        check_read_content(ask.viewer, repo)
    return HttpResponse(status=200)


def kind_in(body: dict[str, Any]) -> str:
    """Models where nothing is said."""
    said = text_in(body, "type", "model") or "model"
    if said not in _KINDS:
        raise InvalidInput(f"This hub keeps models and data sets; it has no repositories of type {said[:40]!r}.")
    return _KINDS[said]


def _owner_and_name(body: dict[str, Any], viewer: Viewer) -> tuple[str, str]:
    """`name` with `organization`, or `owner/name` in one; the viewer's own name where no owner is said."""
    name, owner = text_in(body, "name"), text_in(body, "organization", "")
    if "/" in name and not owner:
        return split(name)
    if not owner and not viewer.is_signed_in:
        raise NotSignedIn("Send an access token, so that the hub knows whose repository it is.")
    return owner or viewer.name, name


def split(full_name: str) -> tuple[str, str]:
    owner, slash, name = full_name.partition("/")
    if not slash or not owner or not name or "/" in name:
        raise InvalidInput(f"{full_name[:200]!r} is no repository id; write owner/name.")
    return owner, name


def _find(viewer: Viewer, kind: str, owner: str, name: str) -> Any:
    """By its present name only: who deletes or moves must know what it is called."""
    try:
        return selectors.find_repo(viewer, kind, owner, name)
    except RepoMoved as error:
        raise RepoNotFound(f"{owner}/{name} is called {error.detail['to']} now. Use that name.") from error


def private_in(body: dict[str, Any]) -> bool | None:
    """What the body says in the words of any client generation; None: nothing."""
    visibility = body.get("visibility")
    if visibility is None:
        return None if body.get("private") is None else is_true(body["private"])
    if visibility not in ("public", "private"):
        raise InvalidInput(f"visibility {str(visibility)[:40]!r} is not offered here; use public or private.")
    return bool(visibility == "private")


def _gate_in(value: object) -> str:
    if value is False or value is None:
        return ""
    if value not in ("auto", "manual"):
        raise InvalidInput('gated must be "auto", "manual" or false.')
    return str(value)


def address(request: HttpRequest, kind: str, full_name: str) -> str:
    return absolute(request, f"/{PREFIXES[kind]}{full_name}")
