"""Curves of a job as charts, each metric with its splits on one axis, and as numbers for who sees no charts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.web.pages import job_words

# More points than a screen has columns say nothing more.
MOST_POINTS, MOST_CHARTS = 300, 8
_QUIET = ("learning_rate", "grad_norm", "epoch")
Points = Mapping[int, float]


@dataclass(frozen=True)
class Last:
    """The last value of one curve."""

    split: str
    value: str
    step: int


@dataclass(frozen=True)
class Chart:
    """`data` is what `chart-host` draws."""

    id: str
    title: str
    data: Mapping[str, Any]
    last: tuple[Last, ...]
    is_quiet: bool


def build(curves: Iterable[Any]) -> tuple[Chart, ...]:
    """The loss first; what seldom matters (rate, gradients) last."""
    by_name: dict[str, dict[str, Points]] = {}
    for curve in curves:
        name, split = _told(curve.name, curve.split)
        by_name.setdefault(name, {})[split] = dict(curve.points)
    ordered = sorted(by_name, key=lambda name: (name in _QUIET, name != "loss", name))
    return tuple(_chart(at, name, by_name[name]) for at, name in enumerate(ordered[:MOST_CHARTS]))


def _told(name: str, split: str) -> tuple[str, str]:
    """`eval_loss` is the loss of the validation split, on the same axis as that of the training."""
    if not split and name.startswith("eval_"):
        return name.removeprefix("eval_"), "validation"
    return name, split


def _chart(at: int, name: str, splits: Mapping[str, Points]) -> Chart:
    steps = sorted({step for points in splits.values() for step in _thinned(sorted(points))})
    return Chart(
        id=f"curve-{at}",
        title=job_words.name_words(name).capitalize(),
        data={"labels": steps, "series": [_series(*each, steps) for each in splits.items()]} | _bounds(splits),
        last=tuple(_last(split, points) for split, points in splits.items()),
        is_quiet=name in _QUIET,
    )


def _bounds(splits: Mapping[str, Points]) -> dict[str, int]:
    """A share near 1 is drawn below 1, not around it."""
    values = [value for points in splits.values() for value in points.values()]
    return {"most": 1} if min(values) >= 0.5 and max(values) <= 1 else {}


def _series(split: str, points: Points, steps: list[int]) -> dict[str, Any]:
    return {"label": split or "training", "data": [points.get(step) for step in steps]}


def _last(split: str, points: Points) -> Last:
    return Last(split or "training", job_words.figure(points[step := max(points)]), step)


def _thinned(steps: list[int]) -> list[int]:
    """Every so many, and the last one."""
    stride = -(-len(steps) // MOST_POINTS)
    return steps if stride <= 1 else [*steps[:-1:stride], steps[-1]]
