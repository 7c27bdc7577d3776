"""Lists of files: a folder page by page, or just these paths."""

from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict

from hub.catalog import selectors
from hub.core.errors import InvalidInput
from hub.protocol.http import absolute, body_of, is_true, json_response, number_of, raw_target
from hub.protocol.serialize import entry
from hub.protocol.wire import Ask, wire

PAGE = 1000
EXPANDED_PAGE = 100
_MOST_PATHS = 2000


@wire("GET")
def tree(ask: Ask, *, revision: str, path: str = "") -> HttpResponse:
    """Files and folders below `path`, folders also when recursive; of a file, itself."""
    expand, recursive = is_true(ask.request.GET.get("expand")), is_true(ask.request.GET.get("recursive"))
    most = EXPANDED_PAGE if expand else PAGE
    limit = number_of(ask.request, "limit", default=most, most=most)
    at = selectors.revision_of(ask.repo, revision)
    after = ask.request.GET.get("cursor") or None
    page = selectors.list_tree(at, path, recursive=recursive, expand=expand, after=after, limit=limit)
    response = json_response([entry(item) for item in page.entries], headers={"X-Repo-Commit": at.commit})
    if page.next:
        response["Link"] = next_link(ask.request, page.next)
    return response


@wire("POST")
def paths_info(ask: Ask, *, revision: str) -> HttpResponse:
    """What stands at these paths; unknown ones are left out."""
    paths, expand = _asked(ask.request)
    if len(paths) > _MOST_PATHS:
        raise InvalidInput(f"{len(paths):,} paths were sent; ask for {_MOST_PATHS:,} or fewer at a time.")
    at = selectors.revision_of(ask.repo, revision)
    return json_response([entry(item) for item in selectors.paths_info(at, paths, expand=expand)])


def next_link(request: HttpRequest, cursor: str) -> str:
    """The Link header to the next page: absolute, with every parameter that was sent."""
    path = raw_target(request).partition("?")[0]
    query = [(key, value) for key, values in request.GET.lists() if key != "cursor" for value in values]
    return f'<{absolute(request, path)}?{urlencode([*query, ("cursor", cursor)])}>; rel="next"'


def _asked(request: HttpRequest) -> tuple[list[str], bool]:
    """The Python clients send a form, the JavaScript client JSON."""
    data = body_of(request)
    if not (request.content_type or "").endswith("json"):
        form = QueryDict(data, encoding="utf-8")
        return form.getlist("paths") + form.getlist("paths[]"), is_true(form.get("expand"))
    try:
        body: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The body is not valid JSON: {error}.") from error
    paths = body.get("paths") if isinstance(body, dict) else None
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise InvalidInput('The body must be {"paths": ["…"], "expand": false}.')
    return paths, is_true(body.get("expand"))
