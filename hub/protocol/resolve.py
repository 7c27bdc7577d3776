"""Pull a file: HEAD for what it is, GET for its bytes."""

import mimetypes
import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hub.catalog import selectors, services
from hub.catalog.selectors import FileAt
from hub.protocol import policy
from hub.protocol.http import absolute, bytes_response, deliver_response, is_true, is_unchanged, requested_span
from hub.protocol.wire import Ask, wire
from hub.storage import services as storage

_SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "application/pdf"}
# Opened as a page of its own it could run script; inside of a page, as a picture, it can't and is shown all the same.
_SCRIPTED = {"image/svg+xml"}
_TEXTS = {"application/json", "application/yaml", "application/x-yaml", "application/toml", "application/x-sh"}
_UNSAFE = re.compile(r'[^ -~]|["\\]')


@wire("GET", "HEAD")
def resolve(ask: Ask, *, revision: str, path: str) -> HttpResponseBase:
    """The file's bytes. HEAD is never redirected: the clients would lose the headers that say which file it is."""
    at = selectors.find_revision(ask.viewer, ask.kind, ask.owner, ask.name, revision)
    file = selectors.file_at(ask.viewer, at, path)
    etag = file.sha256 if file.is_lfs and file.sha256 else file.oid
    is_same, is_asked = is_unchanged(ask.request, etag), ask.request.method == "HEAD"
    span = None if is_same or is_asked else requested_span(ask.request, file.size, etag)
    is_pull = not is_same and not is_asked and (span is None or span.start == 0)
    told = policy.check(ask.request, ask.viewer, at, path=path, files=int(is_pull))
    headers = _headers(ask.request, file, etag) | told
    if is_same:
        return HttpResponse(status=304, headers=headers)
    if is_asked:
        return HttpResponse(headers={**headers, "Accept-Ranges": "bytes", "Content-Length": str(file.size)})
    if is_pull:
        services.count_download(file.repo, by=ask.viewer)
    if file.sha256 is None:
        return bytes_response(file.data or b"", headers, span)
    start, length = (span.start, span.length) if span else (0, None)
    return deliver_response(ask.request, storage.deliver(sha256=file.sha256, start=start, length=length), headers, span)


def _headers(request: HttpRequest, file: FileAt, etag: str) -> dict[str, str]:
    headers = {
        "X-Repo-Commit": file.commit,
        "ETag": f'"{etag}"',
        "Content-Type": _content_type(file.path),
        "Content-Disposition": _disposition(request, file.path),
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if file.is_lfs:
        headers["X-Linked-Etag"] = f'"{etag}"'
        headers["X-Linked-Size"] = str(file.size)
    if file.xet_hash:
        route = f"/api/{file.repo.kind}s/{file.repo.full_name}/xet-read-token/{file.commit}"
        headers["X-Xet-Hash"] = file.xet_hash
        headers["Link"] = f'<{absolute(request, route)}>; rel="xet-auth"'
    return headers


def _content_type(path: str) -> str:
    """What browsers may show: pictures, sound and text; all else is bytes. Pages are text: they come from users."""
    guessed, encoding = mimetypes.guess_type(path)
    if guessed is None or encoding:
        return "application/octet-stream"
    if guessed in _SHOWN or guessed.startswith(("audio/", "video/")):
        return guessed
    if guessed in _TEXTS or guessed.startswith("text/"):
        return "text/plain; charset=utf-8"
    return "application/octet-stream"


def _disposition(request: HttpRequest, path: str) -> str:
    """The trailing semicolon is part of what the clients look for."""
    name = path.rpartition("/")[2]
    is_saved = is_true(request.GET.get("download")) or _content_type(path) in _SCRIPTED
    sort = "attachment" if is_saved else "inline"
    return f"{sort}; filename*=UTF-8''{quote(name, safe='')}; filename=\"{_UNSAFE.sub('_', name)}\";"
