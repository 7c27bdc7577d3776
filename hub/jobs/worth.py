"""What a head start was worth: a fine-tune beside the same training from random weights. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

Points = Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Look:
    """One evaluation of a training; `seconds` of training until then, None where nobody took the time."""

    step: int
    value: float
    seconds: float | None = None


@dataclass(frozen=True)
class Worth:
    """`best`: where the training from scratch was best. `reached`: the first look at which the fine-tune was as good;
    None: never, which says that the head start was worth nothing here. `tuned_best`: the fine-tune's own best;
    `caught_up`: the first look at which the training from scratch was as good as that; None: never in its budget.
    Both may have been there earlier, between two looks."""

    best: Look
    reached: Look | None
    tuned_best: Look
    caught_up: Look | None

    @property
    def saved_steps(self) -> float | None:
        """Share of the steps; below 0 where the fine-tune took longer."""
        return 1 - self.reached.step / self.best.step if self.reached and self.best.step else None

    @property
    def saved_seconds(self) -> float | None:
        """Share of the time of training."""
        if self.reached is None or self.reached.seconds is None or not self.best.seconds:
            return None
        return 1 - self.reached.seconds / self.best.seconds


def looks(points: Points, clock: Points = ()) -> tuple[Look, ...]:
    """Points of a curve with the time that it had taken."""
    return tuple(Look(step, value, seconds_at(clock, step)) for step, value in points)


def seconds_at(clock: Points, step: int) -> float | None:
    """Between two times in a line; None outside of what was timed."""
    at = bisect_left([each for each, _ in clock], step)
    if at == len(clock):
        return None
    after_step, after = clock[at]
    before_step, before = clock[at - 1] if at else (0, 0.0)
    return before + (after - before) * (step - before_step) / max(1, after_step - before_step)


def worth_of(tuned: Sequence[Look], scratch: Sequence[Look], *, higher_is_better: bool) -> Worth | None:
    """None where one of them was never looked at."""
    if not tuned or not scratch:
        return None
    best, tuned_best = _best(scratch, higher_is_better), _best(tuned, higher_is_better)
    reached = _first(tuned, best.value, higher_is_better)
    return Worth(best, reached, tuned_best, _first(scratch, tuned_best.value, higher_is_better))


def _best(found: Sequence[Look], higher_is_better: bool) -> Look:
    """The earliest of the best."""
    sign = 1 if higher_is_better else -1
    return max(found, key=lambda each: (sign * each.value, -each.step))


def _first(found: Sequence[Look], value: float, higher_is_better: bool) -> Look | None:
    sign = 1 if higher_is_better else -1
    return next((each for each in found if sign * each.value >= sign * value), None)
