"""The page of a job: how it stands, then what it brought or why it ended, then the evidence."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import may_read
from hub.jobs.selectors import jobs as selectors
from hub.jobs.selectors import said
from hub.jobs.selectors.sources import measured_model
from hub.jobs.services.cancelling import may_change
from hub.web.pages import (
    follow_up,
    job_curves,
    job_links,
    job_order,
    job_outcome,
    job_ranking,
    job_words,
    job_worth,
    links,
    order_again,
    words,
)
from hub.web.pages.links import Link

LOG_LINES = 200
MOST_HAPPENINGS = 30


@dataclass(frozen=True)
class Progress:
    """`text` says how far and how long still; `value` of `most` fills the bar."""

    text: str
    value: int
    most: int


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class Happening:
    at: dt.datetime
    text: str
    tone: str


@dataclass(frozen=True)
class Try:
    """One attempt of several."""

    number: int
    worker: str
    started_at: dt.datetime
    text: str
    said: str


@dataclass(frozen=True)
class JobPage:
    """`lead` is the sentence under the state. `stream` is where a script hears of news, empty once it is over."""

    title: str
    kind: str
    public_id: str
    url: str
    standing: job_words.Standing
    lead: str
    progress: Progress | None
    stream: str
    failure: job_outcome.Failure | None
    outcome: job_outcome.Outcome | None
    charts: tuple[job_curves.Chart, ...]
    log: str
    log_note: str
    log_url: str
    device: tuple[Fact, ...]
    happenings: tuple[Happening, ...]
    tries: tuple[Try, ...]
    order: job_order.Order
    owner: Link
    ordered_by: Link
    ordered_at: dt.datetime
    follow_up: follow_up.FollowUp | None
    may_cancel: bool
    may_retry: bool
    change_url: str
    family: tuple[Link, ...]
    ranking: job_ranking.Ranking | None
    worth: job_worth.Worth | None


def build(viewer: Viewer, public_id: str) -> JobPage:
    job = selectors.find_job(viewer, public_id)
    state = job_words.standing(job)
    sources = selectors.sources_of(viewer, job)
    lines = said.log_tail(job, LOG_LINES)
    return JobPage(
        title=job.title,
        kind=job_words.KINDS[job.kind],
        public_id=job.public_id,
        url=job_links.job_url(job.public_id),
        standing=state,
        lead=job_order.lead(job, state),
        progress=_progress(job) if state.is_held else None,
        stream="" if state.is_over else job_links.stream_url(job.public_id, job.last_seq),
        failure=job_outcome.failure(job),
        outcome=job_outcome.build(job, sources),
        charts=job_curves.build(said.curves_of(job)),
        log="\n".join(lines),
        log_note=f"The last {LOG_LINES} lines" if len(lines) == LOG_LINES else words.plural(len(lines), "line"),
        log_url=job_links.log_url(job.public_id),
        device=_device(job) if state.is_held else (),
        happenings=_happenings(job),
        tries=_tries(job),
        order=job_order.build(job, sources),
        owner=Link(job.owner.name, links.owner_url(job.owner.name)),
        ordered_by=Link(job.ordered_by.username, links.owner_url(job.ordered_by.username)),
        ordered_at=job.ordered_at,
        follow_up=_follow_up(viewer, job),
        may_cancel=not state.is_over and not job.cancel_asked_at and may_change(viewer, job),
        **_again(viewer, job),
        family=_family(viewer, job),
        ranking=job_ranking.build(job, sources),
        worth=job_worth.build(viewer, job),
    )


def _follow_up(viewer: Viewer, job: Any) -> follow_up.FollowUp | None:
    """Once it succeeded, where what it measured is there and the reader's to see."""
    repo, _ = measured_model(job) if job.state == "succeeded" else (None, "")
    is_seen = repo is not None and may_read(viewer, repo)
    return follow_up.build(viewer, repo, job=job.public_id) if is_seen else None


def _again(viewer: Viewer, job: Any) -> dict[str, Any]:
    """What was wrong about the order is mended there alone."""
    is_over = job.state in ("failed", "cancelled", "lost") and may_change(viewer, job)
    change_url = order_again.url(job) if is_over else ""
    return {"may_retry": is_over and not job_outcome.is_of_order(job), "change_url": change_url}


def _progress(job: Any) -> Progress | None:
    now = selectors.progress_of(job)
    if not now.total:
        return None
    left = f", {job_words.span(now.seconds_left)} left" if now.seconds_left is not None else ""
    return Progress(f"step {now.step:,} of {now.total:,}{left}", now.step, now.total)


def _device(job: Any) -> tuple[Fact, ...]:
    """What its device was last said to do."""
    told = next(iter(said.devices_of(job, last=1)), {})
    found = [Fact("Processor", f"{told['cpu_percent']:.0f} %")] if told.get("cpu_percent") is not None else []
    found += [Fact("Memory", words.size(told["memory_bytes"]))] if told.get("memory_bytes") else []
    for number, gpu in enumerate(told.get("gpu") or ()):
        used = [f"{gpu['utilization']:.0f} %"] if gpu.get("utilization") is not None else []
        used += [words.size(gpu["memory_bytes"])] if gpu.get("memory_bytes") else []
        found.append(Fact(f"GPU {number}", ", ".join(used)))
    return tuple(found)


def _happenings(job: Any) -> tuple[Happening, ...]:
    """What changed and what it told people, the latest first."""
    rows = said.events_after(job, max(0, job.last_seq - said.MAX_EVENTS), kinds=("state", "message"))
    stated = {row.data.get("text") for row in rows if row.kind == "state"}
    told = [row for row in rows if row.kind == "state" or row.data.get("text") not in stated]
    return tuple(_happening(row) for row in reversed(told[-MOST_HAPPENINGS:]))


def _happening(event: Any) -> Happening:
    data = event.data
    if event.kind == "message":
        tone = {"error": "bad", "warning": "warn"}.get(str(data.get("level", "")), "")
        return Happening(event.at, str(data.get("text", "")), tone)
    state = str(data.get("state") or "")
    why = str(data.get("text") or "")
    label = job_words.happened(state)
    return Happening(event.at, f"{label}: {why}" if why else label, job_words.TONES.get(state, ""))


def _tries(job: Any) -> tuple[Try, ...]:
    """Shown once there were two: a job that went through at once needs no history."""
    rows = list(selectors.attempts_of(job))
    return tuple(_try(number, row) for number, row in enumerate(rows, 1)) if len(rows) > 1 else ()


def _try(number: int, row: Any) -> Try:
    begun = f"went on from step {row.first_step:,}" if row.first_step else "from the beginning"
    text = f"{begun}, {row.outcome or 'running'}"
    text += f" at step {row.last_step:,}" if row.last_step else ""
    return Try(number, row.worker_name, row.started_at, text, str(row.error.get("message", "")))


def _family(viewer: Viewer, job: Any) -> tuple[Link, ...]:
    """The job that asked for this one, and those that it asked for."""
    parents = [job.parent] if job.parent and _is_seen(viewer, job.parent) else []
    found = [*parents, *selectors.children_of(viewer, job)]
    return tuple(_relative(each) for each in found)


def _relative(job: Any) -> Link:
    return Link(f"{job.title}: {job_words.state_name(job.state).lower()}", job_links.job_url(job.public_id))


def _is_seen(viewer: Viewer, job: Any) -> bool:
    return viewer.is_admin or job.owner_id in viewer.roles or job.ordered_by_id == getattr(viewer.user, "pk", None)
