"""Steps that a person takes with a job: end it, try it again, order the same anew."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api import job_schema
from hub.api.auth import viewer_of
from hub.api.job_parts import answer, row
from hub.jobs.selectors import jobs
from hub.jobs.services import cancelling, orders


class Act(APIView):
    """A step of a job, which answers with the job as it is then."""

    act: ClassVar[Callable[[Viewer, Any], Any]]

    def post(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        changed = type(self).act(viewer, jobs.find_job(viewer, public_id))
        return answer(row(jobs.find_job(viewer, changed.public_id)))


# What it does, and what the schema says of it.
ACTS: tuple[tuple[str, Callable[[Viewer, Any], Any], str], ...] = (
    ("cancel", lambda by, job: cancelling.cancel(by=by, job=job), "End it: at once while it is queued, else soon."),
    ("retry", lambda by, job: cancelling.retry(by=by, job=job), "Queue it again after it failed or was cancelled."),
    (
        "repeat",
        lambda by, job: orders.repeat(by=by, job=job),
        "Order the same again as a new job.",
    ),
)


def act_view(name: str, act: Callable[[Viewer, Any], Any], text: str) -> Any:
    view: Any = type(f"Job{name.title()}", (Act,), {"act": staticmethod(act), "__doc__": text})
    return extend_schema(request=None, responses=job_schema.JobSerializer, operation_id=f"job_{name}")(view).as_view()
