"""Make a commit from a streamed body."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hub.catalog import services
from hub.catalog.errors import BadCommit, CommitTooLarge, StaleParent
from hub.catalog.git import INLINE_LIMIT
from hub.catalog.operations import AddInline, AddLfs, DeleteFile, DeleteFolder, Operation
from hub.catalog.permissions import check_write
from hub.core.body import free_when_stalled
from hub.core.errors import InvalidInput
from hub.protocol.http import absolute, content_length, is_true, json_response
from hub.protocol.ndjson import Line, decode_base64, read_lines
from hub.protocol.serialize import PREFIXES
from hub.protocol.wire import Ask, wire
from hub.storage import services as storage

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-fA-F]{5,40}")
# Small files stay in memory until they are committed, up to this many bytes in all; then the larger of them don't.
_IN_MEMORY = 16 * 1024 * 1024
_TINY = 4096
# Clients of different generations look for one sentence or the other.
_STALE = (
    "The branch was updated since you opened this page. Please refresh and try again. "
    "A commit has happened since. Please refresh and try again."
)


@wire("POST")
def commit(ask: Ask, *, revision: str) -> HttpResponse:
    """One commit: a header line, then one line an operation."""
    refuse_pull_request(ask.request)
    repo = ask.repo
    check_write(ask.viewer, repo)
    _check_length(ask.request)
    free_when_stalled(ask.request)
    lines = read_lines(ask.request.read, most_content=settings.MAX_INLINE_FILE)
    header = _header(lines)
    operations = list(_Operations(repo.scope).of(lines))
    try:
        made = services.commit(
            by=ask.viewer,
            repo=repo,
            revision=revision,
            operations=operations,
            title=_string(header, "summary", 1),
            description=_string(header, "description", 1, ""),
            parent=_parent(header),
        )
    except StaleParent as error:
        raise StaleParent(_STALE, **error.detail) from error
    url = absolute(ask.request, f"/{PREFIXES[ask.kind]}{repo.full_name}/commit/{made.oid}")
    return json_response({"success": True, "commitOid": made.oid, "commitUrl": url, "hookOutput": ""})


def refuse_pull_request(request: HttpRequest) -> None:
    if is_true(request.GET.get("create_pr")):
        raise InvalidInput("This hub does not offer pull requests yet. Push to a branch instead (create_pr=False).")


def _check_length(request: HttpRequest) -> None:
    length = content_length(request)
    if not length:
        raise BadCommit("The commit has no body, or no Content-Length. Send a header line and one line an operation.")
    if length > settings.MAX_COMMIT_BODY:
        raise CommitTooLarge(
            f"The commit has {length:,} bytes; this hub takes up to {settings.MAX_COMMIT_BODY:,} in one request. "
            "Send large files as such, or split the commit."
        )


def _header(lines: Iterator[Line]) -> dict[str, Any]:
    line = next(lines, None)
    if line is None or line.value.get("key") != "header" or line.content is not None:
        raise BadCommit('Line 1 of the commit must be its header: {"key": "header", "value": {"summary": …}}.')
    return _value(line)


def _parent(header: dict[str, Any]) -> str | None:
    parent = _string(header, "parentCommit", 1, "")
    if parent and not _COMMIT.fullmatch(parent):
        raise BadCommit("parentCommit in line 1 must be a commit id of 5 to 40 hex digits.")
    return parent.lower() or None


class _Operations:
    """Lines become operations; contents too large to hold go to storage as they come."""

    def __init__(self, scope: Any) -> None:
        self._scope = scope
        self._held = 0

    def of(self, lines: Iterator[Line]) -> Iterator[Operation]:
        for count, line in enumerate(lines, 1):
            if count > settings.MAX_COMMIT_OPERATIONS:
                raise CommitTooLarge(f"A commit takes up to {settings.MAX_COMMIT_OPERATIONS:,} operations; split it.")
            yield self._operation(line)

    def _operation(self, line: Line) -> Operation:
        key, value = line.value.get("key"), _value(line)
        if key == "file":
            return self._file(line, value)
        if line.content is not None:
            line.content.close()
            raise BadCommit(f"Line {line.number} is too long for its key {str(key)[:40]!r}.")
        path = _string(value, "path", line.number)
        if key == "lfsFile":
            return _large_file(value, path, line.number)
        if key == "deletedFile":
            return DeleteFile(path=path)
        if key == "deletedFolder":
            return DeleteFolder(path=path)
        raise BadCommit(f"Line {line.number} has the key {str(key)[:40]!r}, which this hub doesn't know.")

    def _file(self, line: Line, value: dict[str, Any]) -> Operation:
        path, encoding = _string(value, "path", line.number), value.get("encoding", "utf-8")
        if line.content is not None:
            with line.content as content:
                if encoding != "base64":
                    raise BadCommit(f"The content in line {line.number} is long, so it must be sent as base64.")
                return AddInline(path=path, data=storage.store_bytes(scope=self._scope, data=content).sha256)
        text = _string(value, "content", line.number)
        data = decode_base64(text, line.number) if encoding == "base64" else text.encode()
        return AddInline(path=path, data=self._kept(data))

    def _kept(self, data: bytes) -> bytes | str:
        if len(data) <= _TINY or (len(data) <= INLINE_LIMIT and self._held + len(data) <= _IN_MEMORY):
            self._held += len(data)
            return data
        return storage.store_bytes(scope=self._scope, data=data).sha256


def _large_file(value: dict[str, Any], path: str, number: int) -> AddLfs:
    oid, size = _string(value, "oid", number), value.get("size")
    if value.get("algo", "sha256") != "sha256" or not _SHA256.fullmatch(oid):
        raise BadCommit(f"Line {number}: a large file is named by algo sha256 and an oid of 64 lower-case hex digits.")
    if size is not None and (not isinstance(size, int) or isinstance(size, bool) or size < 0):
        raise BadCommit(f"Line {number}: size must be a number of bytes.")
    return AddLfs(path=path, sha256=oid, size=size)


def _value(line: Line) -> dict[str, Any]:
    value = line.value.get("value")
    if not isinstance(value, dict):
        raise BadCommit(f'Line {line.number} of the commit needs a "value" that is an object.')
    return value


def _string(value: dict[str, Any], name: str, number: int, default: str | None = None) -> str:
    found = value.get(name)
    if found is None and default is not None:
        return default
    if not isinstance(found, str):
        raise BadCommit(f"Line {number} of the commit needs {name!r}, a string.")
    return found
