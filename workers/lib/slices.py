"""Rows by group: which columns part them, rates with intervals, gaps between groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workers.contract import Code, Measured
from workers.formulas import chance, fairness
from workers.formulas.fairness import Counts
from workers.lib import data, intervals
from workers.lib.session import Trouble
from workers.lib.suites import FEWEST

if TYPE_CHECKING:
    import pandas as pd

# A column with more values than this is no axis of groups unless it is named.
MOST_GROUPS = 20
NEWCOMBE = "Newcombe 95 %, largest against smallest"


@dataclass(frozen=True)
class Gap:
    """Largest less smallest of a rate, whose they are, and the chance of as much by luck (not adjusted yet)."""

    axis: str
    rate: str
    largest: str
    smallest: str
    value: float
    low: float
    high: float
    p: float
    n: int


def axes(
    columns: "pd.DataFrame",
    wanted: list[str],
    most: int = MOST_GROUPS,
    otherwise: "Mapping[str, pd.Series] | None" = None,
) -> "dict[str, pd.Series]":
    """Group of each row by axis. `wanted`: names, or patterns such as `sex_*` for one-hot columns; without any, every
    column of 2 to 20 values, and every family of one-hot columns; without those, `otherwise`. Raises `Trouble` for one
    that isn't there, and where no axis is left."""
    if wanted:
        return dict(_named(columns, name) for name in wanted)
    families = _families(columns, most)
    alone = [name for name in columns if not any(name in members for members in families.values())]
    found = {str(name): columns[name] for name in alone if 2 <= columns[name].map(str).nunique() <= most}
    found |= {stem.rstrip("_"): _group(columns[members], stem) for stem, members in families.items()}
    if not (found := found or dict(otherwise or {})):
        raise Trouble(Code.DATASET_COLUMN_MISSING, "No column parts the rows into groups.",
                      "Name the columns to slice by.", "config.axes")  # fmt: skip
    return found


def _families(columns: "pd.DataFrame", most: int) -> dict[str, list[str]]:
    """Columns of 0 and 1 with one stem (up to the last underscore) of which a row has one at most."""
    stems: dict[str, list[str]] = {}
    for name in map(str, columns.columns):
        if "_" in name and set(columns[name].map(str)) <= {"0", "1", "0.0", "1.0", "True", "False"}:
            stems.setdefault(name[: name.rindex("_") + 1], []).append(name)
    several = {stem: names for stem, names in stems.items() if 2 <= len(names) <= most}
    return {stem: names for stem, names in several.items() if columns[names].astype(float).sum(axis=1).max() <= 1}


def _group(hot: "pd.DataFrame", stem: str) -> "pd.Series":
    """The column that is 1, without the stem."""
    numbers = hot.astype(float)
    named = numbers.idxmax(axis=1).map(lambda column: column.removeprefix(stem))
    return named.where(numbers.max(axis=1) > 0, "none of these")


def _named(columns: "pd.DataFrame", name: str) -> "tuple[str, pd.Series]":
    matching = data.matching([str(each) for each in columns], name)
    if not matching:
        raise Trouble(Code.DATASET_COLUMN_MISSING, f"There is no column {name} to slice by.",
                      f"Columns: {', '.join(map(str, columns.columns[:20]))}.", "config.axes")  # fmt: skip
    if name in columns:
        return name, columns[name]
    stem = name.partition("*")[0]
    return stem.rstrip("_-. ") or name, _group(columns[matching], stem)


def large(groups: Mapping[str, Counts]) -> dict[str, Counts]:
    return {name: counts for name, counts in groups.items() if counts.n >= FEWEST}


def shares(axis: str, groups: Mapping[str, Counts], rates: tuple[str, ...]) -> list[Measured]:
    """Each rate of each group with Wilson's interval; small groups are named, without a number."""
    return [_share(axis, name, counts, rate) for name, counts in groups.items() for rate in rates]


def _share(axis: str, name: str, counts: Counts, rate: str) -> Measured:
    hits, n = counts.parts(rate)
    better = rate not in ("fpr", "fnr")
    if counts.n < FEWEST or n == 0:
        note = f"too few rows ({counts.n})" if counts.n < FEWEST else "not defined for this group"
        return Measured(rate, None, n, slice={axis: name}, note=note, higher_is_better=better)
    low, high = intervals.wilson(hits, n)
    return Measured(rate, hits / n, n, low, high, {axis: name}, method="Wilson 95 %", higher_is_better=better)


def gap(axis: str, groups: Mapping[str, Counts], rate: str) -> Gap | None:
    """None where fewer than two groups have enough rows and the rate."""
    known = fairness.rates(large(groups), rate)
    if len(known) < 2:
        return None
    top, bottom = max(known, key=lambda name: known[name]), min(known, key=lambda name: known[name])
    first, second = groups[top].parts(rate), groups[bottom].parts(rate)
    low, high = intervals.newcombe(*first, *second)
    p = chance.p_of_difference(first, second)
    return Gap(axis, rate, top, bottom, known[top] - known[bottom], low, high, p, first[1] + second[1])


def gap_measured(metric: str, found: Gap, p_adjusted: float) -> Measured:
    needed = chance.rows_needed(0.5, max(abs(found.value), 0.01))
    weak = f"; underpowered: {needed} rows a group would show it" if found.n < 2 * needed and p_adjusted > 0.05 else ""
    note = f"{found.largest} against {found.smallest}, p {p_adjusted:.3g} (Holm){weak}"
    return Measured(metric, found.value, found.n, found.low, found.high, {"axis": found.axis}, method=NEWCOMBE,
                    higher_is_better=False, note=note)  # fmt: skip


def ratio_measured(axis: str, groups: Mapping[str, Counts], seed: int) -> Measured | None:
    """Ratio of the selection rates, smallest by largest, with a bootstrap inside the groups."""
    counted = large(groups)
    if len(counted) < 2:
        return None
    generator = np.random.default_rng(seed)
    drawn = [generator.binomial(each.n, each.selection_rate, intervals.TIMES) / each.n for each in counted.values()]
    tops, bottoms = np.max(drawn, axis=0), np.min(drawn, axis=0)
    low, high = intervals.percentiles(np.where(tops > 0, bottoms / np.where(tops > 0, tops, 1), 1.0))
    total = sum(each.n for each in counted.values())
    return Measured("demographic_parity_ratio", fairness.demographic_parity_ratio(counted), total, low, high,
                    {"axis": axis}, method="percentile bootstrap inside the groups, 95 %")  # fmt: skip
