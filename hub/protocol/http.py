"""Bodies in, bytes out: JSON within limits, ranges, files by sendfile, addresses as the client knows this hub."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import FileIO
from typing import Any, TypeVar
from urllib.parse import quote, unquote

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from hub.core.body import free_when_stalled
from hub.core.errors import HubError, InvalidInput, TooLarge
from hub.core.text import digits
from hub.storage.errors import BadRange
from hub.storage.services import Delivery, LocalFile, Redirect, Stream

JSON_LIMIT = 2_000_000
CHUNK = 1 << 20
_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE)
Response = TypeVar("Response", bound=HttpResponseBase)
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


class LengthRequired(HubError):
    """Send the body with a Content-Length; this hub takes no chunked bodies."""

    code = "length_required"
    status = 411


@dataclass(frozen=True)
class Span:
    """`length` bytes from `start`: what a Range header asked for, cut to the file."""

    start: int
    length: int


def absolute(request: HttpRequest, path: str) -> str:
    """The path as an address on the host that this client used."""
    return f"{request.scheme}://{request.get_host()}{path}"


def raw_target(request: HttpRequest) -> str:
    """Path and query as they were sent, escapes included."""
    raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI") or ""
    return str(raw) if raw.startswith("/") else request.get_full_path()


def is_true(value: object) -> bool:
    """A boolean in any of its spellings: JSON's, `true`, `True`, `1`, `on`."""
    if isinstance(value, bool):
        return value
    text = str("" if value is None else value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise InvalidInput(f"{text[:40]!r} is no boolean; send true or false.")


def values_of(request: HttpRequest, name: str) -> list[str]:
    """All values of a repeated query parameter, spelled `name` or `name[]`."""
    return request.GET.getlist(name) + request.GET.getlist(f"{name}[]")


def number_of(request: HttpRequest, name: str, *, default: int, most: int) -> int:
    """A query parameter that counts, from 1 to `most`; larger ones are cut down."""
    text = request.GET.get(name) or str(default)
    if not (number := digits(text)):
        raise InvalidInput(f"{name}={text[:40]!r}: send a number from 1 to {most}.")
    return min(number, most)


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), status=status, content_type="application/json", headers=headers)


def body_of(request: HttpRequest, limit: int = JSON_LIMIT) -> bytes:
    """The whole body; `TooLarge` when it is longer than `limit`."""
    if content_length(request) > limit:
        raise TooLarge(f"The body has {content_length(request):,} bytes; this call takes up to {limit:,}.")
    free_when_stalled(request)
    return request.read()


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object."""
    data = body_of(request)
    if not data.strip():
        return {}
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The body is not valid JSON: {error}.") from error
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object.")
    return value


def text_in(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A string of a JSON body; without a default it must be there."""
    value = body.get(name, default)
    if value is None:
        value = default
    if not isinstance(value, str):
        raise InvalidInput(f"The body needs {name!r}, a string." if value is None else f"{name!r} must be a string.")
    return value


def content_length(request: HttpRequest) -> int:
    """As announced; 0 where that is no number."""
    return digits(str(request.META.get("CONTENT_LENGTH") or "0")) or 0


def is_unchanged(request: HttpRequest, etag: str) -> bool:
    """Whether `If-None-Match` names what we would send."""
    tags = request.headers.get("If-None-Match", "")
    return tags.strip() == "*" or any(tag.strip().removeprefix("W/") == f'"{etag}"' for tag in tags.split(","))


def requested_span(request: HttpRequest, size: int, etag: str) -> Span | None:
    """What the Range header asks for; None: everything.

    Several ranges, other units and what `If-Range` disowns are answered with everything, as HTTP allows. Raises
    `BadRange` (416) when the range lies behind the end.
    """
    header = request.headers.get("Range")
    condition = request.headers.get("If-Range")
    match = _RANGE.fullmatch(header) if header else None
    if match is None or match.group(1) == match.group(2) == "" or (condition and condition.strip() != f'"{etag}"'):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        start = size - length
    else:
        start = int(first)
        if last and int(last) < start:
            return None
        length = min(int(last) + 1 if last else size, size) - start
    if length <= 0:
        raise BadRange(f"The range {header!r} lies outside the file of {size:,} bytes.", size=size)
    return Span(start, length)


def bytes_response(data: bytes, headers: Mapping[str, str], span: Span | None) -> HttpResponse:
    """Small content that is at hand, or a range of it."""
    if span is None:
        return _finish(HttpResponse(data), headers, None, len(data), len(data))
    part = HttpResponse(data[span.start : span.start + span.length])
    return _finish(part, headers, span, span.length, len(data))


def deliver_response(
    request: HttpRequest, delivery: Delivery, headers: Mapping[str, str], span: Span | None = None
) -> HttpResponseBase:
    """Send what storage says to send: a file by the kernel or by nginx, a stream, or the way elsewhere."""
    free_when_stalled(request)
    if isinstance(delivery, Redirect):
        return HttpResponse(status=302, headers={**headers, "Location": delivery.url})
    if isinstance(delivery, Stream):
        stream = StreamingHttpResponse(delivery.chunks)
        return _finish(stream, headers, span, delivery.length, delivery.size)
    if settings.ACCEL_PREFIX:
        return _accelerated(delivery, headers)
    return _finish(FilePart(delivery), headers, span, delivery.length, delivery.size)


class FilePart(StreamingHttpResponse):
    """A range of a file. Under gunicorn the kernel sends it: `sendfile` from where the file stands."""

    block_size = CHUNK

    def __init__(self, part: LocalFile) -> None:
        file = FileIO(part.path)
        file.seek(part.start)
        super().__init__(_pieces(file, part.length))
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]
        self.file_to_stream = file


def _pieces(file: FileIO, length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(CHUNK, length))):
        yield piece
        length -= len(piece)


def _finish(response: Response, headers: Mapping[str, str], span: Span | None, length: int, size: int) -> Response:
    for name, value in headers.items():
        response[name] = value
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(length)
    if span is not None:
        response.status_code = 206
        response["Content-Range"] = f"bytes {span.start}-{span.start + span.length - 1}/{size}"
    return response


def _accelerated(delivery: LocalFile, headers: Mapping[str, str]) -> HttpResponse:
    """Hand the file to nginx, which honours Range itself."""
    relative = delivery.path.relative_to(settings.STORAGE_DIR)
    location = f"{settings.ACCEL_PREFIX.rstrip('/')}/{quote(relative.as_posix())}"
    return HttpResponse(headers={**headers, "X-Accel-Redirect": location})


def renamed(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """307 to the same call on the repository's name: relative, the query kept."""
    path, mark, query = raw_target(request).partition("?")
    segments, wanted = path.split("/"), old.lower().split("/")
    names = [unquote(segment).lower() for segment in segments]
    for at in range(len(names) - len(wanted) + 1):
        found = names[at : at + len(wanted)]
        if [*found[:-1], found[-1].removesuffix(".git")] == wanted:
            suffix = found[-1].removeprefix(wanted[-1])
            segments[at : at + len(wanted)] = (quote(new) + suffix).split("/")
            break
    response = HttpResponse(status=307)
    response["Location"] = "/".join(segments) + mark + query
    return response
