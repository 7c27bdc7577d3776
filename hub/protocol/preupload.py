"""Before a push: how each file is to be sent, and what stands at its path now."""

import base64
import binascii
from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.paths import MAX_PATH
from hub.catalog.permissions import check_write
from hub.catalog.selectors import Revision
from hub.core.errors import InvalidInput
from hub.protocol.commit import refuse_pull_request
from hub.protocol.http import json_body, json_response
from hub.protocol.wire import Ask, wire

_MOST_FILES = 2000


@wire("POST")
def preupload(ask: Ask, *, revision: str) -> HttpResponse:
    """`lfs` or `regular` for each file, and whether `.gitignore` says to leave it out. Writes nothing."""
    refuse_pull_request(ask.request)
    repo = ask.repo
    check_write(ask.viewer, repo)
    body = json_body(ask.request)
    files, rules = _files(body), body.get("gitIgnore")
    if rules is not None and not isinstance(rules, str):
        raise InvalidInput("gitIgnore must be a string.")
    at = selectors.revision_of(repo, revision)
    current = selectors.current_files(repo, at, [path for path, _, _ in files])
    return json_response({"files": [_answer(at, file, rules, current) for file in files], "commitOid": at.commit})


def _answer(at: Revision, file: tuple[str, int, bytes], rules: str | None, current: dict[str, str]) -> dict[str, Any]:
    path, size, sample = file
    told: dict[str, Any] = {
        "path": path,
        "uploadMode": "lfs" if selectors.is_lfs_path(at, path, size, sample) else "regular",
        "shouldIgnore": selectors.is_ignored(at, path, rules),
    }
    if path in current:
        told["oid"] = current[path]
    return told


def _files(body: dict[str, Any]) -> list[tuple[str, int, bytes]]:
    files = body.get("files")
    if not isinstance(files, list) or len(files) > _MOST_FILES:
        raise InvalidInput(f'The body needs "files", a list of up to {_MOST_FILES:,}.')
    return [_file(file) for file in files]


def _file(file: Any) -> tuple[str, int, bytes]:
    path = file.get("path") if isinstance(file, dict) else None
    if not isinstance(path, str):
        raise InvalidInput('Each of the files needs a "path".')
    if len(path) > MAX_PATH:
        raise InvalidInput(f"{path[:80]!r}… is longer than {MAX_PATH} characters.")
    size, sample = file.get("size", 0), file.get("sample", "")
    if not isinstance(size, int) or size < 0 or not isinstance(sample, str):
        raise InvalidInput(f'{path[:200]!r} needs a "size", a number, and a "sample", base64.')
    try:
        return path, size, base64.b64decode(sample, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(f"The sample of {path[:200]!r} is not valid base64.") from error
