"""How much may be chance: rows needed to see a gap, many questions at once, the p of a difference."""

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np

# 95 % two-sided, 80 % power.
Z_95, Z_POWER_80 = 1.959963984540054, 0.8416212335729143


def rows_needed(rate: float, difference: float) -> int:
    """In each group, to tell `rate` from `rate + difference` with 80 % power at 5 %, two-sided."""
    other = min(rate + difference, 1.0)
    spread = rate * (1 - rate) + other * (1 - other)
    return ceil((Z_95 + Z_POWER_80) ** 2 * spread / difference**2)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted for many questions at once (Holm 1979), in the order given."""
    order = np.argsort(p_values)
    steps = np.asarray(p_values, float)[order] * np.arange(len(p_values), 0, -1)
    return _unsorted(np.minimum(np.maximum.accumulate(steps), 1.0), order)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Adjusted for the share of false discoveries (1995), in the order given."""
    order = np.argsort(p_values)
    steps = np.asarray(p_values, float)[order] * len(p_values) / np.arange(1, len(p_values) + 1)
    return _unsorted(np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0), order)


def _unsorted(values: np.ndarray, order: np.ndarray) -> list[float]:
    found = np.empty(len(values))
    found[order] = values
    return [float(value) for value in found]


def p_of_difference(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided, of two shares (successes, trials) being one, by the pooled normal approximation."""
    from scipy.stats import norm

    (a, n), (b, m) = first, second
    pooled = (a + b) / (n + m)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return float(2 * norm.sf(abs(a / n - b / m) / spread)) if spread > 0 else 1.0
