"""What a worker says of the job it has: each report under its lease token, or not at all."""

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.text import storable
from hub.core.transactions import write_transaction
from hub.jobs.models import Attempt, Job, JobEvent, Metric, State, Worker
from hub.jobs.services.leases import progress_fields
from hub.jobs.services.steps import lock_fenced, move
from hub.jobs.states import Who
from workers import contract

MAX_EVENTS = 1_000
_MAX_LINES = 500
_MAX_LINE = 2_000
_MAX_TEXT = 4_000
_KINDS = ("progress", "metric", "log", "device", "message")
# Of these only the newest of a batch is kept: each says how it stands, not what happened.
_STANDING = ("progress", "device")
_TOLD = (State.PREPARING, State.RUNNING, State.FINALIZING)
# Bytes of the data of one event, and events of one job, beyond which they are not kept.
_MOST_DATA = 16_000
MAX_KEPT = 1_000_000
_SECRET = re.compile(r"\b(hs|hsw|hf)_[A-Za-z0-9_-]{8,}")


def state(*, worker: Worker, job_id: str, token: int, to: str) -> str:
    """preparing, running, finalizing, in this order; said again it changes nothing. Raises `LeaseLost`,
    `StepRefused` for another order, `InvalidInput` for another word."""
    if to not in _TOLD:
        raise InvalidInput(f"A worker takes a job to {', '.join(_TOLD)}; not to {to[:20]!r}.")
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        if job.state != to:
            move(job, State(to), who=Who.WORKER)
    return to


def events(*, worker: Worker, job_id: str, token: int, told: Sequence[contract.JobEvent]) -> int:
    """Take events; the highest `seq` of this attempt that was taken. What was taken before is passed over, so a batch
    may be sent again. Of one job a million are kept. Raises `LeaseLost`, `InvalidInput` for more than 1,000 at once."""
    if len(told) > MAX_EVENTS:
        raise InvalidInput(f"Send up to {MAX_EVENTS:,} events at once; these are {len(told):,}.")
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        attempt = Attempt.objects.get(job=job, token=token)
        new = sorted({each.seq: each for each in told if each.seq > attempt.last_seq}.values(), key=lambda e: e.seq)
        if not new:
            return attempt.last_seq
        rows = _rows(job, attempt, new)
        JobEvent.objects.bulk_create(rows, batch_size=500)
        _write_metrics(job, rows)
        standing = [row.data for row in rows if row.kind == "progress"][-1:]
        fields = progress_fields(standing[0]) if standing else {}
        Job.objects.filter(pk=job.pk).update(last_seq=job.last_seq + len(rows), **fields)
        Attempt.objects.filter(pk=attempt.pk).update(last_seq=new[-1].seq)
    return new[-1].seq


def _rows(job: Job, attempt: Attempt, told: Sequence[contract.JobEvent]) -> list[JobEvent]:
    newest = {each.kind: each.seq for each in told}
    room = max(0, MAX_KEPT - job.last_seq)
    kept = [each for each in told if each.kind in _KINDS and _is_short(each)][:room]
    kept = [each for each in kept if each.kind not in _STANDING or each.seq == newest[each.kind]]
    now = clock.now()
    return [
        JobEvent(
            job=job,
            seq=job.last_seq + number,
            attempt=attempt.token,
            at=_moment(each.at, attempt.started_at, now),
            kind=each.kind,
            data=_clean(each),
        )
        for number, each in enumerate(kept, 1)
    ]


def _is_short(event: contract.JobEvent) -> bool:
    """Lines and messages are cut; of numbers that many are a mistake, or worse."""
    return event.kind in ("log", "message") or len(json.dumps(event.data)) <= _MOST_DATA


def _moment(text: str, earliest: dt.datetime, latest: dt.datetime) -> dt.datetime:
    """When the worker says that it was, as far as it can be: a worker's clock may be wrong."""
    try:
        told = parse_datetime(text)
    except ValueError:
        told = None
    if told is None:
        return latest
    return min(max(told if told.tzinfo else told.replace(tzinfo=dt.UTC), earliest), latest)


def _clean(event: contract.JobEvent) -> dict[str, Any]:
    """Without what no database takes and nobody reads, and without secrets."""
    data = dict(event.data)
    if event.kind == "log":
        lines = data.get("lines")
        return {"lines": [_line(each, _MAX_LINE) for each in (lines if isinstance(lines, list) else [])[:_MAX_LINES]]}
    if event.kind == "message":
        level = data.get("level")
        return {
            "level": level if level in ("info", "warning", "error") else "info",
            "text": _line(data.get("text"), _MAX_TEXT),
        }
    return data


def _line(text: object, most: int) -> str:
    return _SECRET.sub(r"\1_…", storable(str(text)))[:most]


def _write_metrics(job: Job, rows: Sequence[JobEvent]) -> None:
    """Points of curves; a step that is said again is written over."""
    points: dict[tuple[str, str, int], Metric] = {}
    for row in rows:
        if row.kind == "metric" and (point := _point(job, row)):
            points[point.name, point.split, point.step] = point
    Metric.objects.bulk_create(
        points.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["job", "name", "split", "step"],
        update_fields=["value", "at"],
    )


def _point(job: Job, row: JobEvent) -> Metric | None:
    """None for what is no number: a curve has no point there."""
    name, value, step = row.data.get("name"), row.data.get("value"), row.data.get("step")
    if not isinstance(name, str) or not isinstance(value, int | float) or not isinstance(step, int):
        return None
    if not math.isfinite(value) or not 0 <= step < 1 << 62:
        return None
    split = str(row.data.get("split") or "")[:20]
    return Metric(job=job, name=name[:100], split=split, step=step, value=float(value), at=row.at)
