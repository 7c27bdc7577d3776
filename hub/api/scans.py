"""What the scanners said of a revision's files, for programs."""

from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.api.scan_shapes import ScanSerializer
from hub.api.shapes import parameter
from hub.catalog import selectors as catalog
from hub.governance.selectors import scans


class Scan(APIView):
    """The newest scan of a commit: a verdict for each file. What is not understood never counts as clean."""

    kind = "model"

    @extend_schema(
        parameters=[parameter("revision", "Branch, tag or commit; main unless told.")], responses=ScanSerializer
    )
    def get(self, request: Request, owner: str, name: str) -> HttpResponse:
        viewer = viewer_of(request)
        place = catalog.find_revision(viewer, self.kind, owner, name, request.GET.get("revision") or "main")
        return HttpResponse(orjson.dumps(_told(place, scans.scan_at(viewer, place))), content_type="application/json")


def _told(place: Any, picture: scans.ScanPicture) -> dict[str, Any]:
    return {
        "commit": place.commit,
        "state": picture.state,
        "worst": picture.worst or None,
        "rules": picture.rules,
        "startedAt": picture.started_at,
        "finishedAt": picture.finished_at,
        "count": picture.count,
        "clean": picture.clean,
        "files": [_file(one) for one in picture.files],
    }


def _file(one: scans.FileVerdictAt) -> dict[str, Any]:
    return {
        "path": one.path,
        "content": one.content,
        "verdict": one.verdict,
        "reason": one.reason,
        "format": one.form,
        "read": one.read,
        "size": one.size,
        "isPickle": one.is_pickle,
        "isCode": one.is_code,
        "opinions": [
            {"scanner": by.scanner, "version": by.version, "verdict": by.verdict, "reason": by.reason}
            for by in one.opinions
        ],
    }
