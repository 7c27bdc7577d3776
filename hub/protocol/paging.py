"""A page of rows as a JSON array, with the way to the next one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.core.errors import InvalidInput
from hub.core.text import digits
from hub.protocol.http import json_response, number_of
from hub.protocol.tree import next_link

PAGE = 500
_MAX_OFFSET = 1_000_000


def offset_of(request: HttpRequest) -> int:
    """Where the page begins that `cursor` asks for."""
    offset = digits(request.GET.get("cursor") or "0")
    if offset is None or offset > _MAX_OFFSET:
        raise InvalidInput("That page can't be found. Start from the first one.")
    return offset


def page_of(
    request: HttpRequest,
    rows: Any,
    shape: Callable[[Any], dict[str, Any]],
) -> HttpResponse:
    """`rows` is a queryset in its order; each row of the page becomes what `shape` makes of it."""
    offset, limit = offset_of(request), number_of(request, "limit", default=PAGE, most=PAGE)
    found = list(rows[offset : offset + limit + 1])
    response = json_response([shape(row) for row in found[:limit]])
    if len(found) > limit:
        response["Link"] = next_link(request, str(offset + limit))
    return response
