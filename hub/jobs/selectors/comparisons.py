"""Models side by side by what was measured of them alike, with what is known of each difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.jobs.selectors.leaderboards import BoardKey, key_of
from hub.jobs.selectors.results import MeasuredAt, newest_by_model


class Measure(Protocol):
    """A number with its interval, and the hash of the predictions that it was counted from."""

    @property
    def value(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def predictions_sha256(self) -> str: ...


@dataclass(frozen=True)
class Difference:
    """`value`: how much more than the first one's. Its interval takes the two measurements for independent; of models
    that were measured on the same rows the true one is narrower, so this one never says too much. None without
    intervals of both. `is_sure`: the interval leaves out 0, or there is none and nothing can be said (False)."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def is_sure(self) -> bool:
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True)
class Side:
    """One model's number, None where it has none; its difference to the first model's, where both have one."""

    measured: MeasuredAt | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class Line:
    """What two or more of them were measured by alike. `sides` in the order asked for."""

    dataset: str
    key: BoardKey
    higher_is_better: bool
    sides: tuple[Side, ...]


def compare(viewer: Viewer, repos: Sequence[Repo]) -> tuple[Line, ...]:
    """What at least two of these have a number of, on the same data; each one's newest."""
    places = {repo.pk: place for place, repo in enumerate(repos)}
    found: dict[tuple[str, BoardKey], list[MeasuredAt | None]] = {}
    for pk, measured in newest_by_model(viewer, repos).items():
        for each in measured:
            if each.row.value is not None and each.row.dataset_name:
                line = found.setdefault((each.row.dataset_name, key_of(each.row)), [None] * len(repos))
                line[places[pk]] = line[places[pk]] or each
    several = {name: line for name, line in found.items() if len(line) - line.count(None) > 1}
    return tuple(_line(*name, line) for name, line in sorted(several.items(), key=lambda item: _order(*item[0])))


def _order(dataset: str, key: BoardKey) -> tuple[str, ...]:
    return dataset.lower(), key.slice_key, key.by, key.metric, key.commit, key.config, key.split, key.task


def _line(dataset: str, key: BoardKey, line: Sequence[MeasuredAt | None]) -> Line:
    first = line[0]
    sides = tuple(Side(each, _difference(first, each) if place else None) for place, each in enumerate(line))
    known = next(each for each in line if each)
    return Line(dataset, key, known.row.higher_is_better, sides)


def _difference(first: MeasuredAt | None, other: MeasuredAt | None) -> Difference | None:
    return difference(first.row, other.row) if first and other else None


def difference(first: Measure, other: Measure) -> Difference:
    """Other less first, its interval by the variance recovered from both intervals (MOVER; Donner and Zou 2012).
    With the very same predictions there is none."""
    one, two = first.value or 0.0, other.value or 0.0
    if first.predictions_sha256 and first.predictions_sha256 == other.predictions_sha256:
        return Difference(two - one, two - one, two - one)
    ends = (first.low, first.high, other.low, other.high)
    if any(end is None for end in ends):
        return Difference(two - one)
    low_1, high_1, low_2, high_2 = (end or 0.0 for end in ends)
    below, above = math.hypot(two - low_2, high_1 - one), math.hypot(high_2 - two, one - low_1)
    return Difference(two - one, two - one - below, two - one + above)
