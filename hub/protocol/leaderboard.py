"""What models report on a data set and what jobs of this hub measured on it, ranked."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.benchmarks import Benchmark
from hub.catalog.errors import RepoNotFound
from hub.catalog.results import fold
from hub.catalog.selectors.benchmarks import benchmark_at_head
from hub.jobs.selectors import leaderboards
from hub.jobs.selectors.verified import verified_of
from hub.jobs.written import path_of, task_id
from hub.protocol.http import is_true, json_response
from hub.protocol.wire import Ask, wire


@wire("GET")
def leaderboard(ask: Ask) -> HttpResponse:
    """Benchmark after benchmark, each ranked by itself, as a list: what was measured here first, as verified. Models
    made from another one only on request. What a model reports of a number that was measured here is left out."""
    if ask.kind != "dataset":
        raise RepoNotFound("Only data sets have a leaderboard.")
    benchmark = benchmark_at_head(ask.repo)
    base_only = is_true(ask.request.GET.get("base_model", "true"))
    board = selectors.leaderboard(ask.viewer, ask.repo, base_only=base_only)
    found = leaderboards.current_boards(ask.viewer, ask.repo, base_only=base_only)
    boards = [rows for at, rows in found if _is_of(benchmark, at.key)]
    known = {(each.row.repo_id, fold(name)) for rows in boards for each in rows
             for name in (each.row.metric, task_id(each.row, {ask.repo.pk: benchmark}))}  # fmt: skip
    reported = [(rank, row) for rows in board.values() for rank, row in enumerate(rows, 1)]
    reported = [each for each in reported if not benchmark.tasks or _is_told_of(benchmark, each[1])]
    others = [(rank, row) for rank, row in reported if (row.repo_id, fold(row.metric)) not in known]
    verified = verified_of(row for _, row in others)
    told = [_entry(rank, row, is_verified=row.pk in verified) for rank, row in others]
    benchmarks = {ask.repo.pk: benchmark}
    origin = ask.request.build_absolute_uri("/").rstrip("/")
    return json_response(
        [*(_verified(each, benchmarks, origin) for rows in boards for each in rows if each.rank), *told]
    )


def _is_of(benchmark: Benchmark, key: Any) -> bool:
    """Whether a board is of one of the benchmark's tasks; without tasks all are."""
    return not benchmark.tasks or benchmark.task_of(key.config, key.split, key.metric) is not None


def _is_told_of(benchmark: Benchmark, row: Any) -> bool:
    """Files name the task; a card's index has data and metric alone, and so names none."""
    return row.source == row.Source.EVAL_RESULTS and benchmark.has(row.task)


def _verified(at: Any, benchmarks: Any, origin: str) -> dict[str, Any]:
    row = at.row
    ends = "" if row.low is None or row.high is None else f", 95 % interval {row.low:.6g} to {row.high:.6g}"
    return {
        "rank": at.number,
        "modelId": row.repo.full_name,
        "value": row.value,
        "filename": path_of(row, benchmarks),
        "verified": True,
        "author": _author(row.repo.owner),
        "source": {"url": f"{origin}/api/headstart/results/{row.public_id}", "name": "Measured here"},
        "notes": f"{_named(row, benchmarks)} by {at.measured.measured_by}, n = {row.n}{ends}; model {row.commit[:12]}",
    }


def _entry(rank: int, row: Any, *, is_verified: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "rank": rank,
        "modelId": row.repo.full_name,
        "value": row.value,
        "filename": row.path,
        "verified": is_verified,
        "author": _author(row.repo.owner),
    }
    if row.url or row.by:
        told["source"] = {"url": row.url, "name": row.by, "isExternal": True}
    return told


def _named(row: Any, benchmarks: Any) -> str:
    return task_id(row, benchmarks).replace(":", ", ")


def _author(owner: Any) -> dict[str, Any]:
    return {"type": owner.kind, "name": owner.name, "fullname": owner.name, "avatarUrl": ""}
