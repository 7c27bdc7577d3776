"""What workers say to the hub, and ask of it. Shapes as `workers.contract` has them."""

from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.worker_files import Checkpoint, Predictions
from hub.api.worker_view import WorkerView, read
from hub.core.errors import InvalidInput
from hub.jobs.services import drafts, finishing, leases, reports
from hub.jobs.services import workers as services
from workers import contract


class Join(WorkerView):
    def post(self, request: Request) -> Response:
        return Response(services.join(worker=self.worker, told=self.message(contract.Join)).to_json())


class Claim(WorkerView):
    def post(self, request: Request) -> Response:
        hint, free = str(self.told.get("job") or ""), self.told.get("free", 1)
        lease = leases.claim(worker=self.worker, hint=hint, free=free if isinstance(free, int) else 1)
        return Response(lease.to_json()) if lease else Response(status=204)


class Heard(WorkerView):
    def post(self, request: Request) -> Response:
        return Response({"drain": services.heard(worker=self.worker)})


class Renew(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        progress = self.told.get("progress")
        told = leases.renew(**self.lease, progress=progress if isinstance(progress, dict) else {})
        return Response(told.to_json())


class State(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        return Response({"state": reports.state(**self.lease, to=str(self.told.get("to", "")))})


class Events(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        told = self.told.get("events")
        if not isinstance(told, list):
            raise InvalidInput('Send {"events": […]}.')
        events = [read(contract.JobEvent, each) for each in told]
        return Response({"seq": reports.events(**self.lease, told=events)})


class Draft(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        return Response(drafts.draft(**self.lease).to_json())


class Finish(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        return Response({"state": finishing.finish(**self.lease, result=self.message(contract.JobResult))})


class Fail(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        retry = self.told.get("retry")
        failure = self.message(contract.Failure)
        state = finishing.fail(**self.lease, failure=failure, retry=retry if isinstance(retry, bool) else None)
        return Response({"state": state})


class Release(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        return Response({"state": leases.release(**self.lease, reason=str(self.told.get("reason") or ""))})


class Cancelled(WorkerView):
    def post(self, request: Request, job_id: str) -> Response:
        return Response({"state": finishing.cancelled(**self.lease)})


def urls() -> list[URLPattern]:
    reports_by_name = {
        "renew": Renew,
        "state": State,
        "events": Events,
        "predictions": Predictions,
        "draft": Draft,
        "finish": Finish,
        "fail": Fail,
        "release": Release,
        "cancelled": Cancelled,
    }
    return [
        path("workers/join", Join.as_view()),
        path("workers/claim", Claim.as_view()),
        path("workers/heard", Heard.as_view()),
        path("workers/jobs/<str:job_id>/checkpoints/<int:step>", Checkpoint.as_view()),
        *(path(f"workers/jobs/<str:job_id>/{name}", view.as_view()) for name, view in reports_by_name.items()),
    ]
