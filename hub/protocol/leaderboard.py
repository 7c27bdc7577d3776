"""What models report on a data set, ranked."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.errors import RepoNotFound
from hub.protocol.http import is_true, json_response
from hub.protocol.wire import Ask, wire


@wire("GET")
def leaderboard(ask: Ask) -> HttpResponse:
    """Benchmark after benchmark, each ranked by itself, as a list. Models made from another one only on request."""
    if ask.kind != "dataset":
        raise RepoNotFound("Only data sets have a leaderboard.")
    base_only = is_true(ask.request.GET.get("base_model", "true"))
    board = selectors.leaderboard(ask.viewer, ask.repo, base_only=base_only)
    return json_response([_entry(rank, row) for rows in board.values() for rank, row in enumerate(rows, 1)])


def _entry(rank: int, row: Any) -> dict[str, Any]:
    owner = row.repo.owner
    told: dict[str, Any] = {
        "rank": rank,
        "modelId": row.repo.full_name,
        "value": row.value,
        "filename": row.path,
        "verified": False,
        "author": {"type": owner.kind, "name": owner.name, "fullname": owner.name, "avatarUrl": ""},
    }
    if row.url or row.by:
        told["source"] = {"url": row.url, "name": row.by, "isExternal": True}
    return told
