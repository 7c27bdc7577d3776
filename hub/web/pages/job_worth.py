"""What a head start was worth: a fine-tune and the same from random weights, as one picture with its words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import head_starts
from hub.web.pages import job_links, job_words, worth_words
from hub.web.pages.links import Link


@dataclass(frozen=True)
class Line:
    """A number of both."""

    name: str
    tuned: str
    scratch: str


@dataclass(frozen=True)
class Worth:
    """`sentences` say it in words, the answer first. `chart` is None until both were looked at."""

    metric: str
    sentences: tuple[str, ...]
    tone: str
    jobs: tuple[Link, ...]
    lines: tuple[Line, ...]
    chart: Mapping[str, Any] | None


def build(viewer: Viewer, job: Any) -> Worth | None:
    """None where nobody asked for the comparison."""
    found = head_starts.head_start(viewer, job)
    if found is None:
        return None
    metric = job_words.name_words(found.metric)
    sides = zip(worth_words.SIDES, (found.tuned.job, found.scratch.job), strict=True)
    return Worth(
        metric=metric,
        sentences=tuple(worth_words.sentences(found, metric)),
        tone="warn" if found.state == "failed" else "",
        jobs=tuple(Link(f"{label}: {each.title}", job_links.job_url(each.public_id)) for label, each in sides),
        lines=tuple(_lines(found)),
        chart=_chart(found),
    )


def _lines(found: Any) -> Iterator[Line]:
    if worth := found.worth:
        best = (worth.tuned_best, worth.best)
        said = (f"{job_words.figure(each.value)} {worth_words.at_look(each)}" for each in best)
        yield Line("Best on validation rows", *said)
    if found.numbers:
        yield Line("On rows held out", *(_number(each) for each in found.numbers))
    steps = (f"{each.job.step:,} of {each.job.total_steps:,}" for each in (found.tuned, found.scratch))
    yield Line("Steps", *steps)
    yield Line("Device time", *(job_words.exact_span(each.job.device_seconds) for each in (found.tuned, found.scratch)))


def _number(number: Any) -> str:
    between = job_words.interval(number.low, number.high)
    return f"{job_words.figure(number.value)}{f' ({between})' if between else ''}"


def _chart(found: Any) -> dict[str, Any] | None:
    sides = [{each.step: each.value for each in side.looks} for side in (found.tuned, found.scratch)]
    if not all(sides):
        return None
    steps = sorted({step for side in sides for step in side})
    series = [{"label": label, "data": [side.get(step) for step in steps]}
              for label, side in zip(worth_words.SIDES, sides, strict=True)]  # fmt: skip
    return {"labels": steps, "series": series}
