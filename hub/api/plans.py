"""Change plans of an approved revision: what may change without a new review; one proposes, another approves."""

from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api.auth import viewer_of
from hub.api.review_shapes import ReasonSerializer
from hub.catalog import selectors as catalog
from hub.governance.selectors import plans as selectors
from hub.governance.selectors import reviews
from hub.governance.services import plans


class PlanSerializer(serializers.Serializer[Any]):
    """`approvedBy` is empty while nobody approved it."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    envelope = serializers.DictField(help_text="relations, changes, suite, max_drop, max_gap_growth.")
    proposedBy = serializers.CharField()
    approvedBy = serializers.CharField()
    expiresAt = serializers.DateTimeField()
    endedAt = serializers.DateTimeField(allow_null=True)


class ProposalSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    envelope = serializers.DictField()
    days = serializers.IntegerField(default=180, help_text=f"From 1 to {plans.MAX_DAYS}.")


class Plans(APIView):
    """The change plans that go out from this revision."""

    kind: ClassVar[str] = "model"

    @extend_schema(responses=PlanSerializer(many=True))
    def get(self, request: Request, owner: str, name: str, commit: str) -> Response:
        return Response(
            [_told(plan) for plan in selectors.plans_of(_revision(request, self.kind, owner, name, commit))]
        )

    @extend_schema(request=ProposalSerializer, responses=PlanSerializer)
    def post(self, request: Request, owner: str, name: str, commit: str) -> Response:
        """Propose one."""
        given = _given(ProposalSerializer, request)
        revision = _revision(request, self.kind, owner, name, commit)
        return Response(_told(plans.propose_plan(by=viewer_of(request), revision=revision, **given)), status=201)


class ApprovePlan(APIView):
    """Let a plan that somebody else proposed hold."""

    kind: ClassVar[str] = "model"

    @extend_schema(request=ReasonSerializer, responses=PlanSerializer)
    def post(self, request: Request, owner: str, name: str, commit: str, number: int) -> Response:
        given = _given(ReasonSerializer, request)
        plan = selectors.plan_of(_revision(request, self.kind, owner, name, commit), number)
        return Response(_told(plans.approve_plan(by=viewer_of(request), plan=plan, **given)))


class EndPlan(APIView):
    """End a plan. What was approved by it stays."""

    kind: ClassVar[str] = "model"

    @extend_schema(request=ReasonSerializer, responses=PlanSerializer)
    def post(self, request: Request, owner: str, name: str, commit: str, number: int) -> Response:
        given = _given(ReasonSerializer, request)
        plan = selectors.plan_of(_revision(request, self.kind, owner, name, commit), number)
        return Response(_told(plans.end_plan(by=viewer_of(request), plan=plan, **given)))


def urls() -> list[URLPattern]:
    """The addresses of models and of data sets."""
    found = []
    for kind in ("model", "dataset"):
        base = f"{kind}s/<str:owner>/<str:name>/reviews/<str:commit>/plans"
        for tail, view in (("", Plans), ("/<int:number>/approve", ApprovePlan), ("/<int:number>/end", EndPlan)):
            found.append(path(f"{base}{tail}", view.as_view(kind=kind), name=f"api-{kind}-{view.__name__.lower()}"))
    return found


def _revision(request: Request, kind: str, owner: str, name: str, commit: str) -> Any:
    viewer: Viewer = viewer_of(request)
    at = catalog.find_revision(viewer, kind, owner, name, commit)
    return reviews.revision_of(viewer, at.repo, at.commit)


def _given(serializer: type[Any], request: Request) -> dict[str, Any]:
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _told(plan: Any) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "title": plan.title,
        "envelope": plan.envelope,
        "proposedBy": plan.proposed_by,
        "approvedBy": plan.approved_by,
        "expiresAt": plan.expires_at,
        "endedAt": plan.ended_at,
    }
