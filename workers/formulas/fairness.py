"""Rates by group and the gaps between groups, for decisions of two outcomes. Formulas: Hardt et al. 2016; fairlearn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Counts:
    """A confusion matrix. A rate without a denominator is nan: nothing is known, which is not the same as 0."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def n(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def accuracy(self) -> float:
        return _share(self.tp + self.tn, self.n)

    @property
    def selection_rate(self) -> float:
        return _share(self.tp + self.fp, self.n)

    @property
    def tpr(self) -> float:
        return _share(self.tp, self.tp + self.fn)

    @property
    def fpr(self) -> float:
        return _share(self.fp, self.fp + self.tn)

    @property
    def fnr(self) -> float:
        return _share(self.fn, self.tp + self.fn)

    @property
    def ppv(self) -> float:
        return _share(self.tp, self.tp + self.fp)

    def parts(self, rate: str) -> tuple[int, int]:
        """Successes and trials of a rate by its name, for an interval."""
        return {
            "accuracy": (self.tp + self.tn, self.n),
            "selection_rate": (self.tp + self.fp, self.n),
            "tpr": (self.tp, self.tp + self.fn),
            "fpr": (self.fp, self.fp + self.tn),
            "fnr": (self.fn, self.tp + self.fn),
            "ppv": (self.tp, self.tp + self.fp),
        }[rate]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def count(targets: ArrayLike, outputs: ArrayLike) -> Counts:
    """Of truth values."""
    true, said = np.asarray(targets, bool), np.asarray(outputs, bool)
    return Counts(
        int((true & said).sum()), int((~true & said).sum()), int((true & ~said).sum()), int((~true & ~said).sum())
    )


def by_group(targets: ArrayLike, outputs: ArrayLike, groups: Sequence[object]) -> dict[str, Counts]:
    """In the order of the groups' names; rows without a group (None, nan) are in none."""
    true, said = np.asarray(targets, bool), np.asarray(outputs, bool)
    names = np.array([name_of(group) for group in groups], dtype=object)
    return {name: count(true[names == name], said[names == name]) for name in sorted(set(names) - {""})}


def name_of(group: object) -> str:
    """A group's name; "" for a value that is missing."""
    is_missing = group is None or (isinstance(group, float) and np.isnan(group))
    return "" if is_missing else str(group).strip()


def rates(groups: Mapping[str, Counts], rate: str) -> dict[str, float]:
    """Those that are known, by group."""
    found = {name: float(getattr(counts, rate)) for name, counts in groups.items()}
    return {name: value for name, value in found.items() if not np.isnan(value)}


def gap(groups: Mapping[str, Counts], rate: str) -> float:
    """Largest less smallest; nan with fewer than two groups that have the rate."""
    found = rates(groups, rate).values()
    return max(found) - min(found) if len(found) > 1 else float("nan")


def ratio(groups: Mapping[str, Counts], rate: str) -> float:
    """Smallest by largest; 1 where all are 0."""
    found = rates(groups, rate).values()
    if len(found) < 2:
        return float("nan")
    return min(found) / max(found) if max(found) > 0 else 1.0


def demographic_parity_difference(groups: Mapping[str, Counts]) -> float:
    return gap(groups, "selection_rate")


def demographic_parity_ratio(groups: Mapping[str, Counts]) -> float:
    return ratio(groups, "selection_rate")


def equal_opportunity_difference(groups: Mapping[str, Counts]) -> float:
    return gap(groups, "tpr")


def equalised_odds_difference(groups: Mapping[str, Counts], *, is_mean: bool = False) -> float:
    """The worse of the gaps in TPR and FPR (or their mean)."""
    both = np.array([gap(groups, "tpr"), gap(groups, "fpr")])
    return float(both.mean() if is_mean else both.max())


def equalised_odds_ratio(groups: Mapping[str, Counts]) -> float:
    return min(ratio(groups, "tpr"), ratio(groups, "fpr"))
