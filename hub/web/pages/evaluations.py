"""Results: what a model reports of itself, and for a data set, what models report on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.catalog.selectors.results import Benchmark, benchmark_of
from hub.jobs.selectors.verified import verified_of
from hub.web.pages import follow_up, job_links, links, measured, repo, words
from hub.web.pages.links import Link

EVIDENCE_SHOWN = 6
MAX_BARS = 15
MAX_RANKS = 100


@dataclass(frozen=True)
class Result:
    """Reported by somebody. `is_verified`: it is a number of this hub's own record, as its token proves."""

    of: Link
    metric: str
    text: str
    value: float | None
    details: str
    on: str
    by: Link | None
    source: Link
    is_verified: bool = False


@dataclass(frozen=True)
class Group:
    """Results that stand together: of a model those on one data set, of a data set those of one benchmark."""

    title: str
    url: str
    note: str
    results: tuple[Result, ...]
    is_ranked: bool = False
    more: str = ""


@dataclass(frozen=True)
class Chart:
    """One metric over several benchmarks: what a chart is drawn from."""

    id: str
    title: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class EvaluationsPage:
    title: str
    banner: repo.Banner
    is_data: bool
    groups: tuple[Group, ...]
    charts: tuple[Chart, ...]
    # What jobs of this hub measured of a model; of a data set, its leaderboard has that.
    measured: tuple[measured.Group, ...]
    board_url: str
    evaluate_url: str
    follow_up: follow_up.FollowUp | None


@dataclass(frozen=True)
class Short:
    """Beside the card. `measured`: data, metric, value and interval."""

    results: tuple[tuple[str, str, str], ...]
    measured: tuple[tuple[str, str, str, str], ...]
    more: int
    url: str


def build(viewer: Viewer, address: repo.Address) -> EvaluationsPage:
    place = repo.find(viewer, address)
    is_data = place.repo.kind == "dataset"
    groups, charts = _leaders(viewer, place.repo) if is_data else _own(viewer, place)
    verb = "Results on" if is_data else "Evaluations of"
    return EvaluationsPage(
        title=f"{verb} {place.repo.full_name}",
        banner=repo.banner(place, "evaluations"),
        is_data=is_data,
        groups=groups,
        charts=charts,
        measured=() if is_data else measured.build(viewer, place.repo),
        board_url=job_links.leaderboard_url(place.repo.full_name) if is_data else "",
        evaluate_url="" if is_data or not viewer.is_signed_in else job_links.evaluate_url(place.repo.full_name),
        follow_up=None if is_data else follow_up.build(viewer, place.repo),
    )


def short(viewer: Viewer, of: Any) -> Short:
    rows = catalog.results_of(viewer, of)
    shown = tuple((_data_name(row), row.metric_name or row.metric, _figure(row)) for row in rows[:EVIDENCE_SHOWN])
    own = measured.best(viewer, of, EVIDENCE_SHOWN) if of.kind == "model" else ()
    return Short(shown, own, len(rows) - len(shown), links.evaluations_url(of.kind, of.full_name))


def _own(viewer: Viewer, place: repo.Place) -> tuple[tuple[Group, ...], tuple[Chart, ...]]:
    """By data set, in the card's order; charts where a metric has two numbers or more."""
    rows = catalog.results_of(viewer, place.repo)
    here = shelf.names_here(viewer, [("dataset", row.dataset) for row in rows])
    verified = verified_of(rows)
    by_data: dict[str, list[Any]] = {}
    for row in rows:
        by_data.setdefault(benchmark_of(row).dataset or _data_name(row), []).append(row)
    groups = tuple(_data_group(place, each, here, verified) for each in by_data.values())
    return groups, tuple(_charts(rows))


def _data_group(
    place: repo.Place, rows: Sequence[Any], here: Mapping[tuple[str, str], str], verified: frozenset[int]
) -> Group:
    known = here.get(("dataset", rows[0].dataset.lower()), "")
    return Group(
        title=_data_name(rows[0]),
        url=links.repo_url("dataset", known) if known else "",
        note="" if known else "not on this hub",
        results=tuple(_result(place.repo, row, verified) for row in rows),
    )


def _leaders(viewer: Viewer, data: Any) -> tuple[tuple[Group, ...], tuple[Chart, ...]]:
    board = catalog.leaderboard(viewer, data)
    verified = verified_of(row for rows in board.values() for row in rows[:MAX_RANKS])
    groups = tuple(
        Group(
            title=_benchmark_name(benchmark, rows[0]),
            url="",
            note="less is better" if benchmark.is_less_better else "",
            results=tuple(_result(row.repo, row, verified) for row in rows[:MAX_RANKS]),
            is_ranked=True,
            more=f"and {len(rows) - MAX_RANKS:,} more" if len(rows) > MAX_RANKS else "",
        )
        for benchmark, rows in board.items()
    )
    charts = [
        Chart(f"chart-{number}", _benchmark_name(benchmark, rows[0]), _bars(rows, lambda row: row.repo.full_name))
        for number, (benchmark, rows) in enumerate(board.items())
        if len(rows) > 1
    ]
    return groups, tuple(charts)


def _charts(rows: Iterable[Any]) -> Iterable[Chart]:
    """Metrics can share an axis with themselves alone."""
    by_metric: dict[str, list[Any]] = {}
    for row in rows:
        if row.value is not None:
            by_metric.setdefault(benchmark_of(row).metric, []).append(row)
    for number, (metric, of) in enumerate(by_metric.items()):
        if len(of) > 1:
            yield Chart(f"chart-{number}", of[0].metric_name or metric, _bars(of, _bar_name))


def _bars(rows: Sequence[Any], name: Any) -> dict[str, Any]:
    shown = rows[:MAX_BARS]
    label = shown[0].metric_name or shown[0].metric
    series = {"label": label, "data": [row.value for row in shown]}
    return {"labels": [words.in_lines(name(row)) for row in shown], "series": [series]}


def _bar_name(row: Any) -> str:
    return " · ".join(part for part in (_data_name(row), row.config, row.split) if part)


def _result(of: Any, row: Any, verified: frozenset[int]) -> Result:
    details = (row.task.replace("-", " "), row.config, row.split, row.revision[:12])
    return Result(
        of=Link(of.full_name, links.repo_url(of.kind, of.full_name)),
        metric=row.metric_name or row.metric,
        text=_figure(row),
        value=row.value,
        details=" · ".join(part for part in details if part),
        on=row.reported_on,
        by=Link(row.by or "source", row.url) if row.by or row.url else None,
        source=Link(row.path, links.file_url(of.kind, of.full_name, repo.MAIN, row.path)),
        is_verified=row.pk in verified,
    )


def _benchmark_name(benchmark: Benchmark, row: Any) -> str:
    return " · ".join(part for part in (row.metric_name or benchmark.metric, row.config, row.split) if part)


def _data_name(row: Any) -> str:
    return row.dataset_name or row.dataset or "unnamed data"


def _figure(row: Any) -> str:
    """As written, but no more than six digits of a long number."""
    return row.text if row.value is None or len(row.text) <= 8 else f"{row.value:.6g}"
