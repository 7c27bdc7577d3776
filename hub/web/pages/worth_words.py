"""A comparison with random weights in sentences, the answer first."""

from collections.abc import Iterator
from typing import Any

from hub.web.pages import job_words

SIDES = ("From the base", "From random weights")


def sentences(found: Any, metric: str) -> Iterator[str]:
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
    states = [f"{label.lower()} {each.job.state}" for label, each in zip(SIDES, (found.tuned, found.scratch),
                                                                         strict=True)]  # fmt: skip
    if found.state == "failed":
        return f"There is no comparison, as one of the two ended without a result ({', '.join(states)})."
    return f"The comparison stands when both are over ({', '.join(states)})."


def _reached(worth: Any, metric: str) -> str:
    best = (
        f"the best that random weights came to ({metric} {job_words.figure(worth.best.value)}, {at_look(worth.best)})"
    )
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
    best = (
        f"the fine-tune's own best ({metric} {job_words.figure(worth.tuned_best.value)}, {at_look(worth.tuned_best)})"
    )
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


def at_look(look: Any) -> str:
    time = f", {job_words.exact_span(look.seconds)}" if look.seconds is not None else ""
    return f"at step {look.step:,}{time}"


def _by(look: Any) -> str:
    time = f" after {job_words.exact_span(look.seconds)}" if look.seconds is not None else ""
    return f"by step {look.step:,}{time}"


def _value(look: Any, metric: str) -> str:
    return f"{metric} {job_words.figure(look.value)}, {at_look(look)}"
