"""Papers of a commit: a bill of materials and other forms, made from what is recorded and reviewed."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.governance.services import papers


class PaperOf(APIView):
    """One paper. `paper` is `cyclonedx`, `spdx`, `croissant` (data sets), or for models `eu-documentation`,
    `eu-summary` (Markdown; the same as JSON with `-json` behind). What nobody recorded is listed as a gap."""

    kind = "model"

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, owner: str, name: str, revision: str, paper: str) -> HttpResponse:
        at = {"kind": self.kind, "owner": owner, "name": name, "revision": revision}
        made = papers.paper_of(by=viewer_of(request), **at, format=paper, site=request.build_absolute_uri("/"))
        headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-Type-Options": "nosniff"}
        return HttpResponse(made.data, content_type=made.media_type, headers=headers)
