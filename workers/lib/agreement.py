"""Two models on the same rows: does one do better, or is it chance?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Paired:
    """`difference`: second less first, with 95 % of bootstraps over rows; `p`: exact McNemar, for right-or-wrong."""

    difference: float
    low: float
    high: float
    p: float | None
    n: int

    @property
    def is_tie(self) -> bool:
        return self.low <= 0 <= self.high


def mcnemar(first: ArrayLike, second: ArrayLike) -> float:
    """Exact, two-sided, of rows that one has right and the other wrong."""
    from scipy.stats import binomtest

    one, other = np.asarray(first, bool), np.asarray(second, bool)
    gained, lost = int((~one & other).sum()), int((one & ~other).sum())
    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def paired(first: ArrayLike, second: ArrayLike, *, draws: int = 2000, seed: int = 0) -> Paired:
    """Of one number a row for each model, in the same order. Raises ValueError for sequences of unequal length."""
    one, other = np.asarray(first, float), np.asarray(second, float)
    if one.shape != other.shape or one.ndim != 1 or not len(one):
        raise ValueError("both models need one number for each of the same rows")
    apart = other - one
    chance = np.random.default_rng(seed)
    means = [apart[chance.integers(0, len(apart), len(apart))].mean() for _ in range(draws)]
    low, high = np.percentile(means, [2.5, 97.5])
    is_binary = set(np.unique(np.concatenate([one, other]))) <= {0.0, 1.0}
    p = mcnemar(one, other) if is_binary else None
    return Paired(float(apart.mean()), float(low), float(high), p, len(apart))
