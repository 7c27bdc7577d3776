"""Models ranked on a data set, and side by side, by what jobs measured."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.viewer import Viewer
from hub.api import leaderboard_schema
from hub.api import result_shapes as shapes
from hub.api.auth import viewer_of
from hub.api.shapes import parameter
from hub.catalog.selectors import find_repo
from hub.core.errors import InvalidInput
from hub.jobs.selectors import comparisons, leaderboards

_BOARD = ("commit", "metric", "by", "config", "split", "task")


_MOST = 6


_OF_BOARD = [
    parameter("dataset", "owner/name", required=True),
    parameter("commit", "Of the data set, or its start; the newest that was measured on unless told."),
    *(parameter(name, f"The first board with this {name}.") for name in _BOARD[1:]),
    parameter("slice", "axis=value of a part of the data."),
]


class Leaderboard(APIView):
    """Models on one data set at one commit by one metric. Ties are ties: ranks are no finer than the intervals."""

    @extend_schema(parameters=_OF_BOARD, responses=leaderboard_schema.LeaderboardSerializer, operation_id="leaderboard")
    def get(self, request: Request) -> Response:
        viewer, asked = viewer_of(request), request.GET
        wanted = {name: asked.get(name, "") for name in _BOARD} | {"slice_key": asked.get("slice", "")}
        found = leaderboards.leaderboard(viewer, repo_named(viewer, "dataset", asked.get("dataset", "")), **wanted)
        return Response(
            {
                "dataset": found.dataset.full_name,
                "board": shapes.board(found.board) if found.board else None,
                "rows": [shapes.ranked(row) for row in found.rows],
                "stale": [shapes.result(each) for each in found.stale],
                "boards": [shapes.board(each) for each in found.boards],
            }
        )


class Comparison(APIView):
    """Models side by side, by what was measured of two or more of them alike."""

    @extend_schema(
        parameters=[parameter("model", f"owner/name, from 2 to {_MOST} times; the first is compared with.", many=True)],
        responses=leaderboard_schema.ComparisonSerializer,
        operation_id="compare_results",
    )
    def get(self, request: Request) -> Response:
        viewer, names = viewer_of(request), list(dict.fromkeys(request.GET.getlist("model")))
        if not 2 <= len(names) <= _MOST:
            raise InvalidInput(f"Name from 2 to {_MOST} models: model=owner/name, once for each.")
        lines = comparisons.compare(viewer, [repo_named(viewer, "model", name) for name in names])
        return Response({"items": [shapes.compared(line) for line in lines]})


def repo_named(viewer: Viewer, kind: str, full_name: str) -> Any:
    owner, slash, name = full_name.partition("/")
    if not (owner and slash and name):
        raise InvalidInput(f"Name the {kind} by {kind}=owner/name.")
    return find_repo(viewer, kind, owner, name)
