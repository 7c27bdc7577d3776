"""The list of jobs: one's own, and those of one's organisations."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import jobs as selectors
from hub.web.pages import job_links, job_words, links
from hub.web.pages.links import Link
from hub.web.pages.repo import Tab

_FILTERS = (("", "All"), ("open", "Open"), ("succeeded", "Succeeded"), ("failed", "Failed"), ("cancelled", "Cancelled"))
_MAX = 200
_ASKED = ("state", "kind", "owner", "repo")


@dataclass(frozen=True)
class Row:
    """`share` is how much of it is done, in percent; None where that says nothing."""

    title: str
    url: str
    kind: str
    standing: job_words.Standing
    said: str
    share: int | None
    owner: Link
    ordered_at: dt.datetime


@dataclass(frozen=True)
class JobsPage:
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    next_url: str
    is_filtered: bool
    about: str
    title: str = "Jobs"


def build(viewer: Viewer, asked: Mapping[str, str]) -> JobsPage:
    told = {name: asked.get(name, "")[:_MAX] for name in _ASKED}
    state, kind, owner, name = (told[each] for each in _ASKED)
    after = asked.get("after", "")[:_MAX]
    found = selectors.list_jobs(viewer, state=state, kind=kind, owner=owner, repo=name, after=after)
    return JobsPage(
        tabs=tuple(_tab(told, state, label) for state, label in _FILTERS),
        rows=tuple(row_of(job) for job in found.jobs),
        next_url=job_links.jobs_url(**told, after=found.next) if found.next else "",
        is_filtered=any(told.values()) or bool(asked.get("after")),
        about=told["repo"] or told["owner"],
    )


def row_of(job: Any) -> Row:
    state = job_words.standing(job)
    now = selectors.progress_of(job)
    return Row(
        title=job.title,
        url=job_links.job_url(job.public_id),
        kind=job_words.KINDS[job.kind],
        standing=state,
        said=_said(job, now),
        share=round(100 * now.share) if now.share is not None and state.is_held else None,
        owner=Link(job.owner.name, links.owner_url(job.owner.name)),
        ordered_at=job.ordered_at,
    )


def _said(job: Any, now: Any) -> str:
    """The one thing that matters of it beside its state."""
    if job.state in ("failed", "lost"):
        return str(job.error.get("message", ""))
    if now.seconds_left is not None:
        return f"{job_words.span(now.seconds_left)} left"
    return str(job.spec.get("out", "")) if job.state == "succeeded" else ""


def _tab(told: Mapping[str, str], state: str, label: str) -> Tab:
    return Tab(label, job_links.jobs_url(**{**told, "state": state}), told["state"] == state)
