"""StereoSet (Nadeem 2021): a context, and three sentences for it: the stereotype, its opposite, one without meaning."""

from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import ColumnRole, Measured
from workers.formulas import stereotypes
from workers.lib import intervals, suites

if TYPE_CHECKING:
    import pandas as pd

    from workers.lib.language import Scorer

COLUMNS = (
    ColumnRole("stereotype", "text", "Stereotyped sentence for a context", False, ("stereotype",)),
    ColumnRole("opposite", "text", "Its opposite", False, ("anti-stereotype", "anti_stereotype", "antistereotype")),
    ColumnRole("unrelated", "text", "Sentence without meaning there", False, ("unrelated",)),
)
NAMES = tuple(role.name for role in COLUMNS)
# In the context of sentences that are whole by themselves.
_BLANK = "BLANK"


def scored(scorer: "Scorer", row: dict[str, Any]) -> tuple[float, ...]:
    """Log P a token of each of the three."""
    context = str(row.get("context") or "")
    given = "" if _BLANK in context else context
    return tuple(scorer.fluency(given, str(row[name])) for name in NAMES)


def measured(scores: np.ndarray, axes: "pd.Series", seed: int) -> list[Measured]:
    """Of all rows and of each axis. `scores`: (rows, 3)."""
    found = _part(scores, {}, seed)
    for axis in sorted(set(axes) - {""}):
        found += _part(scores[(axes == axis).to_numpy()], {"axis": axis}, seed)
    return found


def _part(scores: np.ndarray, part: dict[str, str], seed: int) -> list[Measured]:
    if len(scores) < suites.FEWEST:
        return [Measured("icat", None, len(scores), slice=part, note=f"too few rows ({len(scores)})")]
    knows, leans = stereotypes.modelling(*scores.T), stereotypes.stereotyped(*scores.T[:2])
    more: dict[str, Any] = {"seed": seed, "slice": part, "unit": "%"}
    half = "50 is no preference, a tie counts half"
    return [
        intervals.measured("language_modelling_score", np.mean, knows, **more),
        intervals.measured("stereotype_score", np.mean, leans, note=half, higher_is_better=False, **more),
        intervals.measured("icat", _icat, knows, leans, note="100: knows language, prefers nobody", **more),
    ]


def _icat(knows: np.ndarray, leans: np.ndarray) -> float:
    return stereotypes.icat(float(knows.mean()), float(leans.mean()))
