"""Intervals of 95 %: Wilson for shares, percentile bootstrap (over rows or over groups of rows) for all else."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workers.contract import Measured

TIMES = 2000
# Beyond this many drawn rows a bootstrap takes fewer turns: it is the interval's end that gets coarser, by little.
MOST_DRAWS = 40_000_000
Z = 1.959963984540054


def wilson(hits: float, n: int) -> tuple[float, float]:
    """Of a share `hits / n` (Wilson 1927, without correction); (0, 1) where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * np.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return float(max(0.0, middle - half)), float(min(1.0, middle + half))


def bootstrap(
    statistic: Callable[..., float], *columns: Any, seed: int = 0, times: int = TIMES, groups: Any = None
) -> tuple[float, float]:
    """Percentiles 2.5 and 97.5 of `statistic(*columns)` over rows drawn with replacement.

    `columns`: arrays or lists of one length. `groups`: one key a row; whole groups are drawn then (patients, users,
    documents). Draws on which the statistic isn't finite are left out; (nan, nan) where fewer than half are left.
    """
    arrays = [column if isinstance(column, np.ndarray) else _objects(column) for column in columns]
    found = [statistic(*[array[rows] for array in arrays]) for rows in draws(len(arrays[0]), seed, times, groups)]
    values = np.asarray([value for value in found if np.isfinite(value)])
    return percentiles(values) if len(values) * 2 > len(found) else (float("nan"), float("nan"))


def _objects(column: Sequence[Any]) -> np.ndarray:
    made = np.empty(len(column), dtype=object)
    made[:] = list(column)
    return made


def draws(n: int, seed: int, times: int = TIMES, groups: Any = None) -> Any:
    """Row numbers of each bootstrap draw, one array after the other."""
    generator = np.random.default_rng(seed)
    times = max(200, min(times, MOST_DRAWS // max(n, 1)))
    if groups is None:
        yield from (generator.integers(0, n, n) for _ in range(times))
        return
    keys, numbers = np.unique(np.asarray(groups).astype(str), return_inverse=True)
    members = np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1])
    for _ in range(times):
        yield np.concatenate([members[key] for key in generator.integers(0, len(keys), len(keys))])


def percentiles(values: Any) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def of_mean(values: Any, seed: int = 0, groups: Any = None) -> tuple[float, float]:
    """Bootstrap interval of the mean of one number a row."""
    array = np.asarray(values, dtype=float)
    return percentiles([array[rows].mean() for rows in draws(len(array), seed, groups=groups)])


def of_ratio(above: Any, below: Any, seed: int = 0, groups: Any = None) -> tuple[float, float]:
    """Bootstrap interval of sum(above) / sum(below), both per row: word errors of words, matches of entities."""
    up, down = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    pairs = [(up[rows].sum(), down[rows].sum()) for rows in draws(len(up), seed, groups=groups)]
    return percentiles([top / bottom for top, bottom in pairs if bottom]) if any(b for _, b in pairs) else (0.0, 0.0)


def paired(first: Any, second: Any, seed: int = 0, groups: Any = None) -> tuple[float, float]:
    """Interval of mean(first) - mean(second) of two models over the same rows; a tie when 0 lies inside."""
    return of_mean(np.asarray(first, dtype=float) - np.asarray(second, dtype=float), seed, groups)


def mcnemar(first: Any, second: Any) -> float:
    """Exact two-sided p that two models are right equally often; `first` and `second`: right or not, row by row."""
    from scipy.stats import binomtest

    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    only_one, only_two = int((one & ~two).sum()), int((~one & two).sum())
    return float(binomtest(only_one, only_one + only_two).pvalue) if only_one + only_two else 1.0


def share(metric: str, right: Any, **more: Any) -> Measured:
    """A share of rows (accuracy, exact match) with Wilson's interval. `right`: one truth a row."""
    hits = np.asarray(right, dtype=bool)
    if not len(hits):
        return Measured(metric, None, 0, note="no rows", **more)
    low, high = wilson(int(hits.sum()), len(hits))
    return Measured(metric, float(hits.mean()), len(hits), low, high, method="Wilson 95 %", **more)


def measured(metric: str, statistic: Callable[..., float], *columns: Any, seed: int = 0, **more: Any) -> Measured:
    """`statistic(*columns)` with its bootstrap interval; a value that isn't finite is told as None with a note."""
    n = len(columns[0])
    value = statistic(*[each if isinstance(each, np.ndarray) else _objects(each) for each in columns]) if n else np.nan
    if not np.isfinite(value):
        return Measured(metric, None, n, seed=seed, note="not defined on these rows", **more)
    low, high = bootstrap(statistic, *columns, seed=seed)
    known = bool(np.isfinite(low))
    return Measured(
        metric,
        float(value),
        n,
        low if known else None,
        high if known else None,
        seed=seed,
        method="percentile bootstrap over rows, 95 %",
        **more,
    )
