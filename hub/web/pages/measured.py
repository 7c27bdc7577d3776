"""What jobs of this hub measured of a model, by data set and suite: beside what is only reported, and never alike."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import results
from hub.web.pages import job_links, job_words, links
from hub.web.pages.links import Link

MOST_SLICES = 60


@dataclass(frozen=True)
class Number:
    """`board` is its leaderboard; `job` the page of its job, empty where that isn't the reader's to see."""

    metric: str
    board: str
    slice: str
    value: str
    interval: str
    n: str
    commit: Link
    is_current: bool
    at: dt.datetime
    job: str
    note: str


@dataclass(frozen=True)
class Group:
    """Numbers of one suite on one split at one commit; `slices` are of parts of the data. `again`: a result
    that the order to measure the same can be made from."""

    title: str
    data: Link | None
    details: str
    numbers: tuple[Number, ...]
    slices: tuple[Number, ...]
    again: str


def build(viewer: Viewer, repo: Any) -> tuple[Group, ...]:
    """The newest measurement of each number; those of main's commit first."""
    found = sorted(results.newest_of(viewer, repo), key=lambda each: not each.is_current)
    groups: dict[tuple[str, ...], list[Any]] = {}
    for each in found:
        row = each.row
        key = (row.dataset_name, row.dataset_commit, row.dataset_config, row.split, each.measured_by)
        groups.setdefault(key, []).append(each)
    return tuple(_group(rows) for rows in groups.values())


def best(viewer: Viewer, repo: Any, most: int) -> tuple[tuple[str, str, str, str], ...]:
    """(data, metric, value, interval) of all of the data, for beside the card."""
    whole = [each.row for each in results.newest_of(viewer, repo) if each.is_current and not each.row.slice_key]
    return tuple(
        (row.dataset_name, job_words.name_words(row.metric), _value(row), job_words.interval(row.low, row.high))
        for row in whole[:most]
    )


def _group(found: list[Any]) -> Group:
    row, dataset = found[0].row, found[0].dataset
    at = links.tree_url("dataset", dataset.full_name, row.dataset_commit) if dataset else ""
    name = job_words.name_words(row.suite or row.recipe or "metrics").capitalize()
    return Group(
        title=f"{name} {row.suite_version if row.suite else row.recipe_version}".strip(),
        data=Link(row.dataset_name, at) if row.dataset_name else None,
        details=" · ".join(part for part in (row.dataset_config, row.split, row.dataset_commit[:12]) if part),
        numbers=tuple(_number(each) for each in found if not each.row.slice_key),
        slices=tuple(_number(each) for each in found if each.row.slice_key)[:MOST_SLICES],
        again=next((each.row.public_id for each in found if each.row.job_id), ""),
    )


def _number(each: Any) -> Number:
    row = each.row
    return Number(
        metric=job_words.name_words(row.metric),
        board=_board(each),
        slice=row.slice_key.replace("=", ": "),
        value=_value(row),
        interval=job_words.interval(row.low, row.high),
        n=f"{row.n:,}",
        commit=Link(row.commit[:8], links.tree_url("model", row.repo.full_name, row.commit)),
        is_current=each.is_current,
        at=row.measured_at,
        job=job_links.job_url(each.job) if each.job else "",
        note=row.note,
    )


def _board(each: Any) -> str:
    if not each.dataset:
        return ""
    row = each.row
    told = {"commit": row.dataset_commit, "metric": row.metric, "by": each.measured_by, "slice_key": row.slice_key}
    return job_links.leaderboard_url(each.dataset.full_name, **told)


def _value(row: Any) -> str:
    unit = f" {row.unit}" if row.unit and row.value is not None else ""
    return f"{job_words.figure(row.value)}{unit}"
