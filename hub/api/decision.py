"""What a pull is told before its first byte."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.api.shapes import parameter
from hub.catalog import selectors
from hub.catalog.permissions import check_read_content
from hub.governance.policy.decision import PullDecision, Reason
from hub.governance.services import pulls


class ReasonSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField(help_text="Code of the rule.")
    title = serializers.CharField()
    message = serializers.CharField(help_text="The fact that it rests on.")
    mend = serializers.CharField(help_text="What would change it.")
    decidedBy = serializers.CharField(help_text="Whose decision stands behind it.")


class DecisionSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=("allow", "conditions", "deny"))
    commit = serializers.CharField()
    profile = serializers.CharField(help_text="The consumer profile that the token speaks for.")
    environment = serializers.ChoiceField(choices=("sandbox", "development", "production"))
    purpose = serializers.CharField()
    message = serializers.CharField(help_text="Why it is denied, in words; empty where it isn't.")
    reasons = ReasonSerializer(many=True, help_text="Rules that deny.")
    warnings = ReasonSerializer(many=True)
    conditions = serializers.ListField(child=serializers.CharField())
    replacement = serializers.CharField(help_text="What to use instead, where somebody named it.")


class Decision(APIView):
    """Whether the caller may pull this revision for that purpose, and why. A denial is recorded, as at a file."""

    @extend_schema(
        parameters=[
            parameter("revision", "A branch, a tag or a commit id.", default="main"),
            parameter("purpose", "What it is for; else the profile's own purpose."),
        ],
        responses=DecisionSerializer,
    )
    def get(self, request: Request, kind: str, owner: str, name: str) -> Response:
        viewer = viewer_of(request)
        at = selectors.find_revision(viewer, kind, owner, name, request.GET.get("revision") or "main")
        check_read_content(viewer, at.repo)
        purpose = request.GET.get("purpose", "")[:100].replace("\0", "")
        client = request.headers.get("User-Agent", "").partition(";")[0].strip()[:100].replace("\0", "")
        found = pulls.ask(viewer, at, purpose=purpose, client=client)
        return Response(_told(at, found))


def _told(at: Any, found: PullDecision) -> dict[str, Any]:
    what = f"{at.repo.kind} {at.repo.full_name} at {at.commit[:12]}"
    return {
        "outcome": found.outcome,
        "commit": at.commit,
        "profile": found.profile,
        "environment": found.environment,
        "purpose": found.purpose,
        "message": found.refusal(what) if found.is_denied else "",
        "reasons": [_reason(one) for one in found.reasons],
        "warnings": [_reason(one) for one in found.warnings],
        "conditions": list(found.conditions),
        "replacement": found.replacement,
    }


def _reason(one: Reason) -> dict[str, str]:
    return {"rule": one.code, "title": one.title, "message": one.message, "mend": one.mend, "decidedBy": one.by}
