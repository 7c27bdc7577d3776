"""What a head start was worth: a fine-tune and the same from random weights, as one picture with its words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import head_starts
from hub.web.pages import job_links, job_words
from hub.web.pages.links import Link

_SIDES = ("From the base", "From random weights")


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
    sides = zip(_SIDES, (found.tuned.job, found.scratch.job), strict=True)
    return Worth(
        metric=metric,
        sentences=tuple(_sentences(found, metric)),
        tone="warn" if found.state == "failed" else "",
        jobs=tuple(Link(f"{label}: {each.title}", job_links.job_url(each.public_id)) for label, each in sides),
        lines=tuple(_lines(found)),
        chart=_chart(found),
    )


def _sentences(found: Any, metric: str) -> Iterator[str]:
    if found.state != "ready":
        yield _unfinished(found)
    elif found.worth is None:
        yield "Neither can be told from the other: they were not looked at on the way."
    else:
        yield _reached(found.worth, metric)
        yield _caught_up(found.worth, metric)
    if found.gap:
        yield _gap(found, metric)


def _unfinished(found: Any) -> str:
    states = [f"{label.lower()} {each.job.state}" for label, each in zip(_SIDES, (found.tuned, found.scratch),
                                                                         strict=True)]  # fmt: skip
    if found.state == "failed":
        return f"There is no comparison, as one of the two ended without a result ({', '.join(states)})."
    return f"The comparison stands when both are over ({', '.join(states)})."


def _reached(worth: Any, metric: str) -> str:
    best = f"the best that random weights came to ({metric} {job_words.figure(worth.best.value)}, {_at(worth.best)})"
    if worth.reached is None:
        return f"The fine-tune never reached {best}: here the head start was worth nothing."
    return f"The fine-tune reached {best} {_by(worth.reached)}{_saved(worth)}."


def _saved(worth: Any) -> str:
    share = worth.saved_seconds if worth.saved_seconds is not None else worth.saved_steps
    if share is None or share == 0:
        return ""
    what = "time" if worth.saved_seconds is not None else "steps"
    return f": {share:.0%} of the {what} saved" if share > 0 else f": {-share:.0%} more {what}"


def _caught_up(worth: Any, metric: str) -> str:
    best = f"the fine-tune's own best ({metric} {job_words.figure(worth.tuned_best.value)}, {_at(worth.tuned_best)})"
    if worth.caught_up is None:
        return f"Random weights never reached {best} in the same budget."
    return f"Random weights reached {best} {_by(worth.caught_up)}."


def _gap(found: Any, metric: str) -> str:
    gap, number = found.gap, found.numbers[0]
    better = (gap.value > 0) == found.higher_is_better
    way = "ahead" if better else "behind"
    where = f"On {number.n:,} rows held out the fine-tune is"
    if not gap.value:
        return f"{where} level, with the same {metric}."
    between = (
        f" (95 % interval of the difference {job_words.interval(gap.low, gap.high)})" if gap.low is not None else ""
    )
    chance = "" if gap.is_sure else ", which may be chance"
    return f"{where} {job_words.figure(abs(gap.value))} {way} in {metric}{between}{chance}."


def _at(look: Any) -> str:
    time = f", {job_words.exact_span(look.seconds)}" if look.seconds is not None else ""
    return f"at step {look.step:,}{time}"


def _by(look: Any) -> str:
    time = f" after {job_words.exact_span(look.seconds)}" if look.seconds is not None else ""
    return f"by step {look.step:,}{time}"


def _lines(found: Any) -> Iterator[Line]:
    if worth := found.worth:
        yield Line("Best on validation rows", *(f"{job_words.figure(each.value)} {_at(each)}" for each in
                                                (worth.tuned_best, worth.best)))  # fmt: skip
    if found.numbers:
        yield Line("On rows held out", *(_number(each) for each in found.numbers))
    steps = (f"{each.job.step:,} of {each.job.total_steps:,}" for each in (found.tuned, found.scratch))
    yield Line("Steps", *steps)
    yield Line("On a device", *(job_words.exact_span(each.job.device_seconds) for each in (found.tuned, found.scratch)))


def _number(number: Any) -> str:
    between = job_words.interval(number.low, number.high)
    return f"{job_words.figure(number.value)}{f' ({between})' if between else ''}"


def _chart(found: Any) -> dict[str, Any] | None:
    sides = [{each.step: each.value for each in side.looks} for side in (found.tuned, found.scratch)]
    if not all(sides):
        return None
    steps = sorted({step for side in sides for step in side})
    series = [{"label": label, "data": [side.get(step) for step in steps]}
              for label, side in zip(_SIDES, sides, strict=True)]  # fmt: skip
    return {"labels": steps, "series": series}
