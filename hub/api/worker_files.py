"""Bytes between a worker and the hub: checkpoints both ways, predictions one way."""

import re
from typing import Any

from django.http import FileResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from hub.api.worker_view import WorkerView
from hub.core.body import body_stream, free_when_stalled
from hub.core.errors import InvalidInput
from hub.core.text import digits
from hub.jobs.selectors import workers as selectors
from hub.jobs.services import keeping
from hub.storage import services as storage

_SHA256 = re.compile(r"[0-9a-f]{64}")


class RawParser(BaseParser):
    """Leaves the body where it is: bytes go straight to storage."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


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
