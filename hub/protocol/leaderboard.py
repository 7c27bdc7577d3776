"""What models report on a data set and what jobs of this hub measured on it, ranked."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.errors import RepoNotFound
from hub.catalog.results import fold
from hub.jobs.selectors import leaderboards
from hub.jobs.written import path_of
from hub.protocol.http import is_true, json_response
from hub.protocol.wire import Ask, wire


@wire("GET")
def leaderboard(ask: Ask) -> HttpResponse:
    """Benchmark after benchmark, each ranked by itself, as a list: what was measured here first, as verified. Models
    made from another one only on request. What a model reports of a number that was measured here is left out."""
    if ask.kind != "dataset":
        raise RepoNotFound("Only data sets have a leaderboard.")
    base_only = is_true(ask.request.GET.get("base_model", "true"))
    board = selectors.leaderboard(ask.viewer, ask.repo, base_only=base_only)
    boards = [rows for _, rows in leaderboards.current_boards(ask.viewer, ask.repo, base_only=base_only)]
    known = {(each.row.repo_id, fold(each.row.metric)) for rows in boards for each in rows}
    reported = [(rank, row) for rows in board.values() for rank, row in enumerate(rows, 1)]
    told = [_entry(rank, row) for rank, row in reported if (row.repo_id, fold(row.metric)) not in known]
    origin = ask.request.build_absolute_uri("/").rstrip("/")
    return json_response([*(_verified(each, origin) for rows in boards for each in rows if each.rank), *told])


def _verified(at: Any, origin: str) -> dict[str, Any]:
    row = at.row
    ends = "" if row.low is None or row.high is None else f", 95 % interval {row.low:.6g} to {row.high:.6g}"
    return {
        "rank": at.number,
        "modelId": row.repo.full_name,
        "value": row.value,
        "filename": path_of(row),
        "verified": True,
        "author": _author(row.repo.owner),
        "source": {"url": f"{origin}/api/headstart/results/{row.public_id}", "name": "Measured here"},
        "notes": f"{row.metric} by {at.measured.measured_by}, n = {row.n}{ends}",
    }


def _entry(rank: int, row: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rank": rank,
        "modelId": row.repo.full_name,
        "value": row.value,
        "filename": row.path,
        "verified": False,
        "author": _author(row.repo.owner),
    }
    if row.url or row.by:
        told["source"] = {"url": row.url, "name": row.by, "isExternal": True}
    return told


def _author(owner: Any) -> dict[str, Any]:
    return {"type": owner.kind, "name": owner.name, "fullname": owner.name, "avatarUrl": ""}
