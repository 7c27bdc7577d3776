"""What jobs measured, for programs: of a model, ranked on a data set, side by side, and how to measure it again."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api import result_shapes as shapes
from hub.api.auth import viewer_of
from hub.api.shapes import parameter
from hub.catalog.selectors import find_repo
from hub.core.errors import InvalidInput
from hub.jobs.selectors import comparisons, leaderboards, proposals
from hub.jobs.selectors import results as selectors
from hub.jobs.services import following, writing_back

_BOARD = ("commit", "metric", "by", "config", "split", "task")
_MOST = 6
_OF_BOARD = [
    parameter("dataset", "owner/name", required=True),
    parameter("commit", "Of the data set, or its start; the newest that was measured on unless told."),
    *(parameter(name, f"The first board with this {name}.") for name in _BOARD[1:]),
    parameter("slice", "axis=value of a part of the data."),
]


class WrittenSerializer(serializers.Serializer[Any]):
    commit = serializers.CharField(help_text="Of main, which says what was measured.")


class FiledSerializer(serializers.Serializer[Any]):
    filed = serializers.IntegerField()


class Leaderboard(APIView):
    """Models on one data set at one commit by one metric. Ties are ties: ranks are no finer than the intervals."""

    @extend_schema(parameters=_OF_BOARD, responses=shapes.LeaderboardSerializer, operation_id="leaderboard")
    def get(self, request: Request) -> Response:
        viewer, asked = viewer_of(request), request.GET
        wanted = {name: asked.get(name, "") for name in _BOARD} | {"slice_key": asked.get("slice", "")}
        found = leaderboards.leaderboard(viewer, _repo(viewer, "dataset", asked.get("dataset", "")), **wanted)
        return Response(
            {
                "dataset": found.dataset.full_name,
                "board": shapes.board(found.board) if found.board else None,
                "rows": [shapes.ranked(row) for row in found.rows],
                "stale": [shapes.result(each) for each in found.stale],
                "boards": [shapes.board(each) for each in found.boards],
            }
        )


class Results(APIView):
    """All that was measured of a model, the newest first."""

    @extend_schema(
        parameters=[
            parameter("model", "owner/name", required=True),
            parameter("commit", "Of the model."),
            parameter("dataset", "owner/name"),
        ],
        responses=shapes.ResultsSerializer,
        operation_id="results",
    )
    def get(self, request: Request) -> Response:
        viewer, asked = viewer_of(request), request.GET
        repo = _repo(viewer, "model", asked.get("model", ""))
        found = selectors.results_of(viewer, repo, commit=asked.get("commit", ""), dataset=asked.get("dataset", ""))
        return Response({"items": [shapes.result(each) for each in found]})


class Result(APIView):
    """One measurement."""

    @extend_schema(responses=shapes.ResultSerializer, operation_id="result")
    def get(self, request: Request, public_id: str) -> Response:
        return Response(shapes.result(selectors.find_result(viewer_of(request), public_id)))


class Again(APIView):
    """The order that measures the same on the same commits: send it to `jobs`."""

    @extend_schema(responses={200: serializers.DictField()}, operation_id="result_order")
    def get(self, request: Request, public_id: str) -> Response:
        viewer = viewer_of(request)
        return Response(selectors.order_again(viewer, selectors.find_result(viewer, public_id)))


class Comparison(APIView):
    """Models side by side, by what was measured of two or more of them alike."""

    @extend_schema(
        parameters=[parameter("model", f"owner/name, from 2 to {_MOST} times; the first is compared with.", many=True)],
        responses=shapes.ComparisonSerializer,
        operation_id="compare_results",
    )
    def get(self, request: Request) -> Response:
        viewer, names = viewer_of(request), list(dict.fromkeys(request.GET.getlist("model")))
        if not 2 <= len(names) <= _MOST:
            raise InvalidInput(f"Name from 2 to {_MOST} models: model=owner/name, once for each.")
        lines = comparisons.compare(viewer, [_repo(viewer, "model", name) for name in names])
        return Response({"items": [shapes.compared(line) for line in lines]})


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


def _repo(viewer: Viewer, kind: str, full_name: str) -> Any:
    owner, slash, name = full_name.partition("/")
    if not (owner and slash and name):
        raise InvalidInput(f"Name the {kind} by {kind}=owner/name.")
    return find_repo(viewer, kind, owner, name)
