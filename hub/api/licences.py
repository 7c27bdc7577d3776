"""What a revision's licence is, and what that asks of whom."""

from dataclasses import asdict
from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.api.licence_shapes import LicenceSerializer
from hub.api.shapes import parameter
from hub.catalog import selectors as catalog
from hub.governance.licences.consumer_words import consumer_named
from hub.governance.selectors.licences import LicencePicture, licence_at


class RevisionLicence(APIView):
    """Declared, detected, concluded and effective licence of a revision, with verdict, faults and obligations."""

    @extend_schema(
        parameters=[
            parameter("revision", "A branch, a tag or a commit; main if it isn't given."),
            parameter("consumer", "May they use it: commercial-eu, internal-research, commercial-100m-mau …"),
        ],
        responses=LicenceSerializer,
        operation_id="licence",
    )
    def get(self, request: Request, kind: str, owner: str, name: str) -> HttpResponse:
        viewer = viewer_of(request)
        repo = catalog.find_repo(viewer, kind, owner, name)
        at = catalog.revision_of(repo, request.GET.get("revision") or "main")
        picture = licence_at(viewer, repo, at.commit)
        told = {"commit": at.commit, **_told(picture), "consumer": _consumer(picture, request.GET.get("consumer", ""))}
        return HttpResponse(orjson.dumps(told), content_type="application/json")


def _told(picture: LicencePicture) -> dict[str, Any]:
    return {
        "isExamined": picture.is_examined,
        "declared": picture.declared,
        "detected": list(picture.detected),
        "concluded": picture.concluded,
        "effective": picture.effective,
        "verdict": picture.verdict,
        "faults": [asdict(each) for each in picture.faults],
        "obligations": [_obligation(asdict(each)) for each in picture.obligations],
        "notice": picture.notice_text,
        "namePrefix": picture.name_prefix,
        "displayText": picture.display_text,
        "lineage": [
            {
                "name": each.name,
                "kind": each.kind,
                "relation": each.relation,
                "licence": each.licence,
                "depth": each.depth,
            }
            for each in picture.lineage
        ],
        "textsToAccept": [
            {"licence": each.licence, "sha256": each.text_sha256, "repository": each.repo_name}
            for each in picture.texts_to_accept
        ],
    }


def _obligation(told: dict[str, Any]) -> dict[str, Any]:
    return {**{name: told[name] for name in ("code", "text", "licence", "holder")}, "isMet": told["is_met"]}


def _consumer(picture: LicencePicture, asked: str) -> dict[str, Any] | None:
    if not asked:
        return None
    found = picture.verdict_for(consumer_named(asked))
    return asdict(found) if found else {"outcome": "UNKNOWN", "reasons": [], "duties": []}
