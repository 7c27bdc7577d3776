"""What a job said while it ran: events, curves, log, device."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.jobs.models import Job, JobEvent, Metric

MAX_EVENTS = 1_000


MAX_LOG_LINES = 5_000


@dataclass(frozen=True)
class Curve:
    """Points of one metric, by step. `split` is empty for the training itself."""

    name: str
    split: str
    points: tuple[tuple[int, float], ...]


def events_after(job: Job, seq: int = 0, *, limit: int = MAX_EVENTS, kinds: Iterable[str] = ()) -> list[JobEvent]:
    """In their order, from the one after `seq`; the same for ever."""
    found = job.events.filter(seq__gt=max(0, seq)).order_by("seq")
    if kinds:
        found = found.filter(kind__in=tuple(kinds))
    return list(found[: max(1, min(limit, MAX_EVENTS))])


def curves_of(job: Job, *, names: Iterable[str] = ()) -> list[Curve]:
    """Every point of each curve, the training's first. One query."""
    found = Metric.objects.filter(job=job).order_by("name", "split", "step")
    if names:
        found = found.filter(name__in=tuple(names))
    points: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for name, split, step, value in found.values_list("name", "split", "step", "value"):
        points.setdefault((name, split), []).append((step, value))
    return [Curve(name, split, tuple(rows)) for (name, split), rows in points.items()]


def log_tail(job: Job, lines: int = 200) -> list[str]:
    """The last lines that it said, messages among them."""
    wanted = max(1, min(lines, MAX_LOG_LINES))
    found: list[str] = []
    rows = job.events.filter(kind__in=("log", "message")).order_by("-seq").only("job", "kind", "data")
    for event in rows[:wanted]:
        found = [*lines_of(event), *found]
        if len(found) >= wanted:
            break
    return found[-wanted:]


def lines_of(event: JobEvent) -> list[str]:
    """A log event's lines; a message as one."""
    if event.kind == "log":
        return [str(line) for line in event.data.get("lines", ())]
    return [str(event.data.get("text", ""))] if event.kind == "message" else []


def devices_of(job: Job, *, last: int = 120) -> list[dict[str, Any]]:
    """The last reports on the device, oldest first: `at` and `contract.JobEvent`'s data of kind device."""
    rows = job.events.filter(kind="device").order_by("-seq")[:last]
    return [{"at": each.at, **each.data} for each in reversed(rows)]
