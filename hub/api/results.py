"""What jobs measured, for programs: of a model, ranked on a data set, side by side, and how to measure it again."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.api import result_schema
from hub.api import result_shapes as shapes
from hub.api.auth import viewer_of
from hub.api.leaderboards import Comparison, Leaderboard, repo_named
from hub.api.shapes import parameter
from hub.catalog.selectors import find_repo
from hub.jobs.selectors import proposals
from hub.jobs.selectors import results as selectors
from hub.jobs.services import following, writing_back


class WrittenSerializer(serializers.Serializer[Any]):
    commit = serializers.CharField(help_text="Of main, which says what was measured.")


class FiledSerializer(serializers.Serializer[Any]):
    filed = serializers.IntegerField()


class Results(APIView):
    """All that was measured of a model, the newest first."""

    @extend_schema(
        parameters=[
            parameter("model", "owner/name", required=True),
            parameter("commit", "Of the model."),
            parameter("dataset", "owner/name"),
        ],
        responses=result_schema.ResultsSerializer,
        operation_id="results",
    )
    def get(self, request: Request) -> Response:
        viewer, asked = viewer_of(request), request.GET
        repo = repo_named(viewer, "model", asked.get("model", ""))
        found = selectors.results_of(viewer, repo, commit=asked.get("commit", ""), dataset=asked.get("dataset", ""))
        return Response({"items": [shapes.result(each) for each in found]})


class Result(APIView):
    """One measurement."""

    @extend_schema(responses=result_schema.ResultSerializer, operation_id="result")
    def get(self, request: Request, public_id: str) -> Response:
        return Response(shapes.result(selectors.find_result(viewer_of(request), public_id)))


class Again(APIView):
    """The order that measures the same on the same commits: send it to `jobs`."""

    @extend_schema(responses={200: serializers.DictField()}, operation_id="result_order")
    def get(self, request: Request, public_id: str) -> Response:
        viewer = viewer_of(request)
        return Response(selectors.order_again(viewer, selectors.find_result(viewer, public_id)))


class Written(APIView):
    """What was measured, written into the model's repository: `.eval_results` and the card's `model-index`."""

    @extend_schema(request=None, responses=WrittenSerializer, operation_id="write_results")
    def post(self, request: Request, owner: str, name: str) -> Response:
        viewer = viewer_of(request)
        repo = find_repo(viewer, "model", owner, name)
        origin = request.build_absolute_uri("/").rstrip("/")
        return Response({"commit": writing_back.write_back(by=viewer, repo=repo, origin=origin)})


class JobFindings(APIView):
    """File the biases that a job measured, for who may push to the model or reviews bias."""

    @extend_schema(request=None, responses=FiledSerializer, operation_id="file_findings_of_job")
    def post(self, request: Request, public_id: str) -> HttpResponse:
        viewer = viewer_of(request)
        job = proposals.find_job_to_file(viewer, public_id)
        return Response({"filed": following.file_findings(by=viewer, job=job)})


def urls() -> list[URLPattern]:
    return [
        path("leaderboard", Leaderboard.as_view(), name="api-leaderboard"),
        path("results", Results.as_view(), name="api-results"),
        path("results/compare", Comparison.as_view(), name="api-compare-results"),
        path("results/<str:public_id>", Result.as_view(), name="api-result"),
        path("results/<str:public_id>/order", Again.as_view(), name="api-result-order"),
        path("models/<str:owner>/<str:name>/results", Written.as_view(), name="api-write-results"),
        path("jobs/<str:public_id>/findings", JobFindings.as_view(), name="api-job-findings"),
    ]
