"""Jobs for programs: what can be ordered, order it, follow it, end it."""

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api import head_start_shape
from hub.api import job_shapes as shapes
from hub.api.auth import viewer_of
from hub.api.job_stream import Stream
from hub.api.shapes import parameter
from hub.core.errors import InvalidInput
from hub.core.text import digits
from hub.jobs.orders import read_order
from hub.jobs.selectors import files, head_starts, jobs, offers, queue
from hub.jobs.services import cancelling, orders


class Offers(APIView):
    """Recipes, suites and rankings that workers of this hub have: each with its options and the columns it reads."""

    @extend_schema(
        parameters=[parameter("kind", "recipe, suite or ranking."), parameter("task", "Only for this task.")],
        responses=OpenApiTypes.OBJECT,
        operation_id="offers",
    )
    def get(self, request: Request) -> HttpResponse:
        found = offers.list_offers(kind=request.GET.get("kind", ""), task=request.GET.get("task", ""))
        return answer({"items": [shapes.offer(each) for each in found]})


class Workers(APIView):
    """Workers that joined this hub, and what they can hold. For whoever is signed in."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="workers")
    def get(self, request: Request) -> HttpResponse:
        return answer({"items": [shapes.worker(each) for each in offers.list_workers(viewer_of(request))]})


class Check(APIView):
    """What an order would mean: licence, policy, columns, what it takes, who could do it. Nothing is ordered."""

    @extend_schema(request=shapes.OrderSerializer, responses=shapes.CheckSerializer, operation_id="check_job")
    def post(self, request: Request) -> HttpResponse:
        return answer(shapes.check(orders.check(viewer_of(request), read_order(request.data))))


class Jobs(APIView):
    """Jobs of the accounts that the caller speaks for, the newest first."""

    @extend_schema(
        parameters=[
            parameter("state", "One of them; or open, held, ended."),
            parameter("kind", "finetune, evaluate or rank."),
            parameter("owner", "Of this account."),
            parameter("repo", "That used or made this repository."),
            parameter("after", "`next` of the page before."),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"Up to {jobs.PAGE}."),
        ],
        responses=shapes.JobsSerializer,
        operation_id="jobs",
    )
    def get(self, request: Request) -> HttpResponse:
        asked = {name: request.GET.get(name, "") for name in ("state", "kind", "owner", "repo", "after")}
        page = jobs.list_jobs(viewer_of(request), limit=_number(request, "limit", jobs.PAGE), **asked)
        return answer({"items": [_row(each) for each in page.jobs], "next": page.next})

    @extend_schema(request=shapes.OrderSerializer, responses={201: shapes.JobSerializer}, operation_id="order_job")
    def post(self, request: Request) -> HttpResponse:
        """Order one. 422 `order_refused` names everything that is in the way, in `faults`."""
        viewer = viewer_of(request)
        made = orders.order(by=viewer, order=read_order(request.data))
        return answer(_row(jobs.find_job(viewer, made.public_id)), status=201)


class JobAt(APIView):
    """One job, as it stands."""

    @extend_schema(responses=shapes.JobDetailSerializer, operation_id="job")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        found = jobs.find_job(viewer, public_id)
        more = {
            "spec": found.spec,
            "place": queue.place_of(found).ahead if found.state == "queued" else None,
            "children": [each.public_id for each in jobs.children_of(viewer, found)],
            "lastEvent": found.last_seq,
        }
        return answer({**_row(found), **more})


class Events(APIView):
    """What it said, in its order; the same for ever. `last` is what to send as `after` next."""

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT, description="Those after this number.")],
        responses=OpenApiTypes.OBJECT,
        operation_id="job_events",
    )
    def get(self, request: Request, public_id: str) -> HttpResponse:
        found, after = jobs.find_job(viewer_of(request), public_id), _number(request, "after", 0)
        events = jobs.events_after(found, after)
        last = events[-1].seq if events else after
        return answer({"items": [shapes.event(each) for each in events], "last": last, "state": found.state})


class Metrics(APIView):
    """Its curves: every point of each metric, by step."""

    @extend_schema(responses=OpenApiTypes.OBJECT, operation_id="job_metrics")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        found = jobs.curves_of(jobs.find_job(viewer_of(request), public_id))
        items = [{"name": each.name, "split": each.split, "points": each.points} for each in found]
        return answer({"items": items})


class Log(APIView):
    """The last lines that it said, as text."""

    @extend_schema(
        parameters=[OpenApiParameter("tail", OpenApiTypes.INT, description=f"Up to {jobs.MAX_LOG_LINES} lines.")],
        responses={(200, "text/plain"): OpenApiTypes.STR},
        operation_id="job_log",
    )
    def get(self, request: Request, public_id: str) -> HttpResponse:
        lines = jobs.log_tail(jobs.find_job(viewer_of(request), public_id), _number(request, "tail", 200))
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


class Act(APIView):
    """A step of a job, which answers with the job as it is then."""

    act: ClassVar[Callable[[Viewer, Any], Any]]

    def post(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        changed = type(self).act(viewer, jobs.find_job(viewer, public_id))
        return answer(_row(jobs.find_job(viewer, changed.public_id)))


# What it does, and what the schema says of it.
_ACTS: tuple[tuple[str, Callable[[Viewer, Any], Any], str], ...] = (
    ("cancel", lambda by, job: cancelling.cancel(by=by, job=job), "End it: at once while it is queued, else soon."),
    ("retry", lambda by, job: cancelling.retry(by=by, job=job), "Queue it again after it failed or was cancelled."),
    (
        "repeat",
        lambda by, job: orders.repeat(by=by, job=job),
        "Order the same again as a new job.",
    ),
)


def urls() -> list[URLPattern]:
    base = "jobs/<str:public_id>"
    parts = {"events": Events, "stream": Stream, "metrics": Metrics, "log": Log, "result": Result,
             "predictions": Predictions, "head-start": HeadStart}  # fmt: skip
    return [
        path("offers", Offers.as_view(), name="api-offers"),
        path("workers", Workers.as_view(), name="api-workers"),
        path("jobs", Jobs.as_view(), name="api-jobs"),
        path("jobs/check", Check.as_view(), name="api-job-check"),
        path(base, JobAt.as_view(), name="api-job"),
        *(path(f"{base}/{name}", view.as_view(), name=f"api-job-{name}") for name, view in parts.items()),
        *(path(f"{base}/{name}", _act(name, act, text), name=f"api-job-{name}") for name, act, text in _ACTS),
    ]


def answer(told: dict[str, Any], status: int = 200) -> HttpResponse:
    return HttpResponse(orjson.dumps(told), status=status, content_type="application/json")


def _act(name: str, act: Callable[[Viewer, Any], Any], text: str) -> Any:
    view: Any = type(f"Job{name.title()}", (Act,), {"act": staticmethod(act), "__doc__": text})
    return extend_schema(request=None, responses=shapes.JobSerializer, operation_id=f"job_{name}")(view).as_view()


def _row(job: Any) -> dict[str, Any]:
    return shapes.job(job, jobs.progress_of(job))


def _number(request: Request, name: str, default: int) -> int:
    given = request.GET.get(name, "")
    number = digits(given) if given else default
    if number is None:
        raise InvalidInput(f"{name} takes a whole number from 0 on, not {given[:40]!r}.")
    return number
