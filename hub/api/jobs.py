"""Jobs for programs: what can be ordered, order it, follow it, end it."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api import check_shapes, job_schema, order_schema
from hub.api import job_shapes as shapes
from hub.api.auth import viewer_of
from hub.api.job_acts import ACTS, act_view
from hub.api.job_parts import Events, HeadStart, Log, Metrics, Predictions, Result, answer, number, row
from hub.api.job_stream import Stream
from hub.api.shapes import parameter
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import jobs, offers, queue
from hub.jobs.services import orders


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

    @extend_schema(
        request=order_schema.OrderSerializer, responses=order_schema.CheckSerializer, operation_id="check_job"
    )
    def post(self, request: Request) -> HttpResponse:
        return answer(check_shapes.check(orders.check(viewer_of(request), read_order(request.data))))


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
        responses=job_schema.JobsSerializer,
        operation_id="jobs",
    )
    def get(self, request: Request) -> HttpResponse:
        asked: dict[str, Any] = {
            name: request.GET.get(name, "") for name in ("state", "kind", "owner", "repo", "after")
        }
        page = jobs.list_jobs(viewer_of(request), limit=number(request, "limit", jobs.PAGE), **asked)
        return answer({"items": [row(each) for each in page.jobs], "next": page.next})

    @extend_schema(
        request=order_schema.OrderSerializer, responses={201: job_schema.JobSerializer}, operation_id="order_job"
    )
    def post(self, request: Request) -> HttpResponse:
        """Order one. 422 `order_refused` names everything that is in the way, in `faults`."""
        viewer = viewer_of(request)
        made = orders.order(by=viewer, order=read_order(request.data))
        return answer(row(jobs.find_job(viewer, made.public_id)), status=201)


class JobAt(APIView):
    """One job, as it stands."""

    @extend_schema(responses=job_schema.JobDetailSerializer, operation_id="job")
    def get(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        found = jobs.find_job(viewer, public_id)
        more = {
            "spec": found.spec,
            "place": queue.place_of(found).ahead if found.state == "queued" else None,
            "children": [each.public_id for each in jobs.children_of(viewer, found)],
            "lastEvent": found.last_seq,
        }
        return answer({**row(found), **more})


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
        *(path(f"{base}/{name}", act_view(name, act, text), name=f"api-job-{name}") for name, act, text in ACTS),
    ]
