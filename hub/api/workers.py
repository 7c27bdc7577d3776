"""What workers say to the hub, and ask of it. Shapes as `workers.contract` has them."""

import re
from typing import Any, TypeVar

from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.api.worker_auth import WorkerAuthentication
from hub.core.body import body_stream, free_when_stalled
from hub.core.errors import InvalidInput, TooLarge
from hub.core.text import digits
from hub.jobs.selectors import workers as selectors
from hub.jobs.services import drafts, finishing, keeping, leases, reports
from hub.jobs.services import workers as services
from hub.storage import services as storage
from workers import contract

MAX_BODY = 32 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
M = TypeVar("M", bound=contract.Message)


class RawParser(BaseParser):
    """Leaves the body where it is: bytes go straight to storage."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


class WorkerView(APIView):
    authentication_classes = (WorkerAuthentication,)
    schema = None

    @property
    def worker(self) -> Any:
        return self.request.auth

    @property
    def told(self) -> dict[str, Any]:
        """The body: a JSON object. Raises `TooLarge`, `InvalidInput`."""
        if (digits(self.request.headers.get("Content-Length", "")) or 0) > MAX_BODY:
            raise TooLarge(f"A report has up to {MAX_BODY >> 20} MiB.")
        if not isinstance(self.request.data, dict):
            raise InvalidInput("Send a JSON object.")
        return self.request.data

    def message(self, shape: type[M]) -> M:
        """The body as a message of the contract. Raises `InvalidInput`."""
        return _read(shape, self.told)

    @property
    def lease(self) -> dict[str, Any]:
        """The worker, the job and the token of its lease, as the services take them."""
        token = digits(self.request.headers.get("X-Lease-Token", ""))
        if token is None:
            raise InvalidInput("Send the number of the lease in the header X-Lease-Token.")
        return {"worker": self.worker, "job_id": self.kwargs["job_id"], "token": token}


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
        events = [_read(contract.JobEvent, each) for each in told]
        return Response({"seq": reports.events(**self.lease, told=events)})


class Checkpoint(WorkerView):
    parser_classes = (RawParser,)

    def put(self, request: Request, job_id: str, step: int) -> Response:
        made = keeping.checkpoint(**self.lease, step=step, **_bytes(request))
        return Response({"step": made.step, "sha256": made.sha256, "size": made.size}, status=201)

    def get(self, request: Request, job_id: str, step: int) -> HttpResponseBase:
        lease = self.lease
        found = selectors.checkpoint_of(lease["worker"], job_id, lease["token"], step)
        free_when_stalled(request._request)
        return _sent(storage.deliver(sha256=found.sha256))


class Predictions(WorkerView):
    parser_classes = (RawParser,)

    def put(self, request: Request, job_id: str) -> Response:
        keeping.predictions(**self.lease, **_bytes(request))
        return Response({}, status=201)


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


def _read(shape: type[M], value: Any) -> M:
    try:
        return shape.from_json(value)
    except (TypeError, AttributeError, StopIteration, ValueError) as error:
        raise InvalidInput(f"The body is no {shape.__name__} of the contract: {error}.") from error


def _bytes(request: Request) -> dict[str, Any]:
    """sha256, size and body of bytes that come in."""
    sha256 = request.headers.get("X-Sha256", "").lower()
    size = digits(request.headers.get("Content-Length", ""))
    if not _SHA256.fullmatch(sha256) or size is None:
        raise InvalidInput("Send the headers X-Sha256 (64 hex digits) and Content-Length with the bytes.")
    return {"sha256": sha256, "size": size, "body": body_stream(request._request)}


def _sent(delivery: storage.Delivery) -> HttpResponseBase:
    if isinstance(delivery, storage.Redirect):
        return HttpResponseRedirect(delivery.url)
    if isinstance(delivery, storage.LocalFile):
        return FileResponse(delivery.path.open("rb"), content_type="application/x-tar")
    sent = StreamingHttpResponse(delivery.chunks, content_type="application/x-tar")
    sent["Content-Length"] = str(delivery.length)
    return sent
