"""A job's events as they come: server-sent events, which a client that was cut off goes on with where it stopped."""

import time
from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api import job_shapes as shapes
from hub.api.auth import viewer_of
from hub.core.listening import Busy, Listening
from hub.core.text import digits
from hub.jobs.selectors import jobs as selectors
from hub.jobs.selectors import said
from hub.jobs.selectors.following import Follower

# Seconds: of one connection (then the client comes again), between two looks, without a word.
_LONGEST, _PAUSE, _SILENT = 25.0, 0.5, 10.0


class EventStream(BaseRenderer):
    """Only so that a client which asks for events is not refused: the answer is made by hand."""

    media_type = "text/event-stream"
    format = "events"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return orjson.dumps(data)


class Stream(APIView):
    """Events after `Last-Event-ID` (or `after`), then new ones as they come. It ends with the job, by an event `end`,
    after 25 seconds, or when the job is theirs to see no more. 503 `busy` where too many listen: ask for the events
    now and then."""

    renderer_classes = [EventStream, JSONRenderer]

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="As Last-Event-ID.")],
        responses={(200, "text/event-stream"): OpenApiTypes.STR},
        operation_id="job_stream",
    )
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        viewer = viewer_of(request)
        job = selectors.find_job(viewer, public_id)
        last = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        try:
            lines = Listening(_events(viewer, job, digits(last) or 0))
        except Busy as busy:
            told = orjson.dumps({"error": busy.message, "code": busy.code})
            return HttpResponse(told, status=503, content_type="application/json", headers={"Retry-After": "5"})
        return StreamingHttpResponse(lines, content_type="text/event-stream; charset=utf-8", headers=headers)


def _events(viewer: Viewer, job: Any, after: int) -> Iterator[bytes]:
    yield b"retry: 1000\n\n"
    end = time.monotonic() + _LONGEST
    spoke = time.monotonic()
    follower = Follower(viewer, job)
    # Before the events: whatever it says of its end is among those then.
    while standing := follower.standing():
        state, is_over = standing
        found = said.events_after(job, after)
        for each in found:
            yield _told(each.kind, shapes.event(each), each.seq)
            after, spoke = each.seq, time.monotonic()
        if is_over and not found:
            yield _told("end", {"state": state})
            return
        if time.monotonic() >= end:
            return
        if time.monotonic() - spoke >= _SILENT:
            yield b": still here\n\n"
            spoke = time.monotonic()
        if not found:
            time.sleep(_PAUSE)


def _told(kind: str, data: dict[str, Any], seq: int | None = None) -> bytes:
    number = b"id: %d\n" % seq if seq is not None else b""
    return b"%sevent: %s\ndata: %s\n\n" % (number, kind.encode(), orjson.dumps(data))
