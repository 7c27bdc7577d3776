"""What a job said and brought: events, curves, log, result, predictions."""

from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api import head_start_shape
from hub.api import job_shapes as shapes
from hub.api.auth import viewer_of
from hub.core.errors import InvalidInput
from hub.core.text import digits
from hub.jobs.selectors import files, head_starts, jobs, said


class Events(APIView):
    """What it said, in its order; the same for ever. `last` is what to send as `after` next."""

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="Those after this number.")],
        responses=OpenApiTypes.OBJECT,
        operation_id="job_events",
    )
    def get(self, request: Request, public_id: str) -> HttpResponse:
        found, after = jobs.find_job(viewer_of(request), public_id), number(request, "after", 0)
        events = said.events_after(found, after)
        last = events[-1].seq if events else after
        return answer({"items": [shapes.event(each) for each in events], "last": last, "state": found.state})


class Metrics(APIView):
    """Its curves: every point of each metric, by step."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="job_metrics")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        found = said.curves_of(jobs.find_job(viewer_of(request), public_id))
        items = [{"name": each.name, "split": each.split, "points": each.points} for each in found]
        return answer({"items": items})


class Log(APIView):
    """The last lines that it said, as text."""

    @extend_schema(
        parameters=[OpenApiParameter("tail", OpenApiTypes.INT, description=f"Up to {said.MAX_LOG_LINES} lines.")],
        responses={(200, "text/plain"): OpenApiTypes.STR},
        operation_id="job_log",
    )
    def get(self, request: Request, public_id: str) -> HttpResponse:
        lines = said.log_tail(jobs.find_job(viewer_of(request), public_id), number(request, "tail", 200))
        return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


class Result(APIView):
    """What it brought; null while it hasn't succeeded."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="job_result")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        found = jobs.find_job(viewer_of(request), public_id)
        told = {"id": found.public_id, "state": found.state, "error": found.error, "result": found.result}
        return answer({**told, "out": found.spec.get("out", ""), "commit": found.result_commit})


class HeadStart(APIView):
    """A fine-tune beside the same from random weights, ordered with `compare_scratch`; `null` where it wasn't.

    `reached`: when the fine-tune was as good as the other at its best, `caughtUp` the other way round; null: never.
    """

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="job_head_start")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        found = head_starts.head_start(viewer, jobs.find_job(viewer, public_id))
        return answer({"headStart": head_start_shape.head_start(found) if found else None})


class Predictions(APIView):
    """What the model said of each row: predictions.parquet."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, operation_id="job_predictions")
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        found = files.predictions_of(jobs.find_job(viewer_of(request), public_id))
        headers = {"Content-Length": str(found.size), "ETag": f'"{found.sha256}"'}
        headers["Content-Disposition"] = f'attachment; filename="{public_id}.parquet"'
        return StreamingHttpResponse(found.pieces(), content_type="application/octet-stream", headers=headers)


def answer(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(told), status=status, content_type="application/json")


def number(request: Request, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    number = digits(given) if given else default
    if number is None:
        raise InvalidInput(f"{name} takes a whole number from 0 on, not {given[:40]!r}.")
    return number


def row(job: Any) -> dict[str, Any]:
    return shapes.job(job, jobs.progress_of(job))
