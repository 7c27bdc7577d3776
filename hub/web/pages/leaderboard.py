"""The leaderboard of a data set: measured results alone, ranked no finer than their intervals allow."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.benchmarks import Benchmark
from hub.catalog.selectors.benchmarks import benchmark_at_head
from hub.jobs.selectors import leaderboards
from hub.web.pages import job_links, job_words, links, repo, words
from hub.web.pages.links import Link
from hub.web.pages.repo import Tab

MOST_BARS = 15
NAMES = ("commit", "metric", "by", "config", "split", "task", "slice_key")


@dataclass(frozen=True)
class Row:
    """`rank` is `2`, or `2 to 4` where intervals overlap; empty where there is no number."""

    rank: str
    model: Link
    commit: Link
    is_current: bool
    value: str
    interval: str
    n: str
    at: dt.datetime
    job: str
    note: str


@dataclass(frozen=True)
class LeaderboardPage:
    """`boards` are the choices; `chart` is None where there is one row or none."""

    title: str
    data_set: str
    banner: repo.Banner
    boards: tuple[Tab, ...]
    more_boards: tuple[Tab, ...]
    heading: str
    note: str
    pinned: Link | None
    is_old: bool
    rows: tuple[Row, ...]
    stale: tuple[Row, ...]
    chart: Mapping[str, Any] | None
    reported_url: str
    benchmark: Benchmark


def build(viewer: Viewer, address: repo.Address, asked: Mapping[str, str]) -> LeaderboardPage:
    place = repo.find(viewer, address)
    found = leaderboards.leaderboard(viewer, place.repo, **{name: asked.get(name, "") for name in NAMES})
    name, board, benchmark = place.repo.full_name, found.board, benchmark_at_head(place.repo)
    ordered = sorted(found.boards, key=lambda each: not _task(each.key, benchmark))
    tabs = tuple(_tab(name, each, board, benchmark) for each in ordered)
    return LeaderboardPage(
        title=f"Leaderboard of {name}",
        data_set=place.repo.name,
        banner=repo.banner(place, "leaderboard"),
        boards=tabs[:_SHOWN],
        more_boards=tabs[_SHOWN:],
        heading=_name(board.key, benchmark) if board else "",
        note=_note(board) if board else "",
        pinned=_pinned(name, board.key.commit) if board else None,
        is_old=bool(board and not board.is_current),
        rows=tuple(_row(each.measured, _rank(each)) for each in found.rows),
        stale=tuple(_row(each, "") for each in found.stale),
        chart=_bars(found.rows, board, benchmark) if board and len(found.rows) > 1 else None,
        reported_url=links.evaluations_url("dataset", name),
        benchmark=benchmark,
    )


_SHOWN = 6


def _tab(name: str, board: Any, chosen: Any, benchmark: Benchmark) -> Tab:
    told = {each: getattr(board.key, each) for each in NAMES}
    return Tab(_name(board.key, benchmark), job_links.leaderboard_url(name, **told), board == chosen)


def _task(key: Any, benchmark: Benchmark) -> str:
    task = benchmark.task_of(key.config, key.split, key.metric)
    return task.id if task else ""


def _name(key: Any, benchmark: Benchmark) -> str:
    task, metric, part = _task(key, benchmark), job_words.name_words(key.metric), key.slice_key.replace("=", ": ")
    parts = (task, metric, part) if task else (metric, key.config, key.split, part)
    return " · ".join(part for part in parts if part)


def _note(board: Any) -> str:
    better = "more" if board.higher_is_better else "less"
    name, _, version = board.key.by.partition("@")
    by = f"{job_words.name_words(name)} {version}".strip()
    return f"{words.plural(board.models, 'model')}, {better} is better, measured by {by}."


def _pinned(name: str, commit: str) -> Link:
    return Link(commit[:12], links.tree_url("dataset", name, commit)) if commit else Link("", "")


def _rank(row: Any) -> str:
    if row.rank is None:
        return ""
    return f"{row.rank} to {row.last_rank}" if row.is_tied else str(row.rank)


def _row(measured: Any, rank: str) -> Row:
    row = measured.row
    name = row.repo.full_name
    return Row(
        rank=rank,
        model=Link(name, links.repo_url("model", name)),
        commit=Link(row.commit[:8], links.tree_url("model", name, row.commit)),
        is_current=measured.is_current,
        value=job_words.figure(row.value) + (f" {row.unit}" if row.unit and row.value is not None else ""),
        interval=job_words.interval(row.low, row.high),
        n=f"{row.n:,}",
        at=row.measured_at,
        job=job_links.job_url(measured.job) if measured.job else "",
        note=row.note,
    )


def _bars(rows: Any, board: Any, benchmark: Benchmark) -> dict[str, Any]:
    """Values with their intervals."""
    shown = [each.row for each in rows if each.row.value is not None][:MOST_BARS]
    ranges = [[row.low, row.high] if row.low is not None and row.high is not None else None for row in shown]
    series = {"label": _name(board.key, benchmark), "data": [row.value for row in shown], "ranges": ranges}
    return {"labels": [words.in_lines(row.repo.full_name) for row in shown], "series": [series]}
