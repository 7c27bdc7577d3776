"""Copies of repositories and of large files between them, and histories that begin anew: nothing is sent twice."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors, services
from hub.catalog.errors import RepoExists
from hub.core.errors import InvalidInput
from hub.governance.services import copies
from hub.protocol import errors
from hub.protocol.http import json_body, json_response, text_in
from hub.protocol.policy import client_of
from hub.protocol.repos import address, kind_in, private_in, split
from hub.protocol.wire import Ask, wire

_MAIN = "main"
_MOST = 1_000


@wire("POST")
def duplicate(ask: Ask) -> HttpResponse:
    """Main's head as a new repository. The address is in the 409 too: that is how `exist_ok` works."""
    body = json_body(ask.request)
    owner, name = split(text_in(body, "repository"))
    source = selectors.revision_of(ask.repo, _MAIN)
    client, private = client_of(ask.request), private_in(body)
    try:
        made = copies.copy_repo(by=ask.viewer, source=source, owner=owner, name=name, private=private, client=client)
    except RepoExists as error:
        url = address(ask.request, ask.kind, str(error.detail["repo"]))
        return errors.message(409, error.message, url=url)
    url = address(ask.request, ask.kind, made.full_name)
    return json_response({"url": url, "name": made.full_name, "filesCopyPending": False})


@wire("POST")
def squash(ask: Ask, *, branch: str) -> HttpResponse:
    title = text_in(json_body(ask.request), "message", "") or f"Squash the history of {branch}"
    made = services.squash(by=ask.viewer, repo=ask.repo, branch=branch, title=title)
    return json_response({"commitOid": made.oid})


@wire("POST")
def take_over(ask: Ask) -> HttpResponse:
    """Large files of this repository for another one, which a commit there names next."""
    body = json_body(ask.request)
    target, wanted = body.get("target"), _digests(body.get("files"))
    if not isinstance(target, dict):
        raise InvalidInput('The body needs "target": the type and the name of a repository.')
    to = selectors.find_repo(ask.viewer, kind_in(target), *split(text_in(target, "name")))
    source, client = ask.repo, client_of(ask.request)
    held = copies.take_over(by=ask.viewer, source=source, target=to, sha256s=wanted, client=client)
    failed = [{"sha256": sha256, "error": f"{source.full_name} has no such file."} for sha256 in sorted(wanted - held)]
    return json_response({"success": len(held), "failed": failed})


def _digests(files: Any) -> set[str]:
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise InvalidInput('The body needs "files", a list of objects with their "sha256".')
    if len(files) > _MOST:
        raise InvalidInput(f"Send up to {_MOST:,} files at a time.")
    return {text_in(file, "sha256") for file in files}
