"""The suite of group metrics, for any recipe that classifies: rates by group, gaps, findings where one is large."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import Code, Finding, Measured, Offer
from workers.formulas import chance, fairness
from workers.lib import intervals, slices, suites
from workers.lib.session import Predictions, Session, Trouble, Verdict

if TYPE_CHECKING:
    import pandas as pd

RATES = ("selection_rate", "tpr", "fpr")
# Gaps from this on are put before the reviewers, if their interval excludes none at all.
WORTH_A_LOOK = 0.05
FOUR_FIFTHS = 0.8
GAPS = {
    "accuracy": "accuracy_gap",
    "selection_rate": "demographic_parity_difference",
    "tpr": "equal_opportunity_difference",
    "fpr": "fpr_gap",
}


def verdict(session: Session, predictions: Predictions, offer: Offer, axes: "dict[str, pd.Series]") -> Verdict:
    """`axes`: the group of each row, in the order of the predictions."""
    scores, name = suites.row_scores(predictions)
    if name != "accuracy":
        return Verdict(suites.told(_errors(axes, scores, session.seed), session, offer))
    sides = _sides(predictions, suites.settings(session, offer)["positive"])
    counted = {axis: _counts(groups, scores, sides) for axis, groups in axes.items()}
    gaps = [found for axis, counts in counted.items() for found in _gaps(axis, counts, sides is not None)]
    adjusted = chance.holm([found.p for found in gaps])
    measured = [each for axis, counts in counted.items() for each in _of_axis(axis, counts, sides is not None, session)]
    told = [slices.gap_measured(GAPS[gap.rate], gap, p) for gap, p in zip(gaps, adjusted, strict=True)]
    odds = [each for axis in counted if (each := _odds(axis, gaps))]
    everything = suites.told([*measured, *told, *odds], session, offer)
    return Verdict(everything, _findings(gaps, adjusted, counted, everything, session, offer))


def _sides(predictions: Predictions, wanted: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Truth and decision for the positive class; None where several classes and none was named."""
    labels = list(predictions.labels)
    if wanted and wanted not in labels:
        raise Trouble(Code.LABEL_UNKNOWN, f"The model has no class {wanted}.", f"It has: {', '.join(labels)}.",
                      "config.positive")  # fmt: skip
    if not wanted and len(labels) != 2:
        return None
    number = labels.index(wanted) if wanted else 1
    return np.asarray(predictions.targets) == number, np.asarray(predictions.outputs) == number


Counted = tuple[dict[str, fairness.Counts], dict[str, fairness.Counts]]


def _counts(groups: "pd.Series", right: np.ndarray, sides: tuple[np.ndarray, np.ndarray] | None) -> Counted:
    """By group: right or wrong of all classes; and of the positive class, where there is one."""
    names = list(groups)
    always = np.ones(len(right), bool)
    of_class = fairness.by_group(*sides, names) if sides else {}
    return fairness.by_group(always, right, names), of_class


def _of_axis(axis: str, counts: Counted, is_binary: bool, session: Session) -> list[Measured]:
    right, positive = counts
    found = slices.shares(axis, right, ("accuracy",))
    known = fairness.rates(slices.large(right), "accuracy")
    if known:
        worst = min(known, key=lambda name: known[name])
        low, high = intervals.wilson(*right[worst].parts("accuracy"))
        found.append(Measured("worst_group_accuracy", known[worst], right[worst].n, low, high, {"axis": axis},
                              method="Wilson 95 %", note=worst))  # fmt: skip
    if not is_binary:
        return found
    ratio = slices.ratio_measured(axis, positive, session.seed)
    return [*found, *slices.shares(axis, positive, RATES), *([ratio] if ratio else [])]


def _gaps(axis: str, counts: Counted, is_binary: bool) -> list[slices.Gap]:
    right, positive = counts
    found = [slices.gap(axis, right, "accuracy")]
    found += [slices.gap(axis, positive, rate) for rate in RATES] if is_binary else []
    return [each for each in found if each]


def _odds(axis: str, gaps: list[slices.Gap]) -> Measured | None:
    """Equalised odds: the worse of the gaps in TPR and FPR."""
    both = [gap for gap in gaps if gap.axis == axis and gap.rate in ("tpr", "fpr")]
    if len(both) < 2:
        return None
    worse = max(both, key=lambda gap: gap.value)
    return Measured("equalised_odds_difference", worse.value, worse.n, worse.low, worse.high, {"axis": axis},
                    method=slices.NEWCOMBE, higher_is_better=False, note=f"the gap in {worse.rate}")  # fmt: skip


def _errors(axes: "dict[str, pd.Series]", apart: np.ndarray, seed: int) -> list[Measured]:
    """Of numbers: mean absolute error by group."""
    found = []
    for axis, groups in axes.items():
        names = groups.map(fairness.name_of).to_numpy()
        for name in sorted(set(names) - {""}):
            told = _error(apart[names == name], seed)
            found.append(replace(told, slice={axis: name}))
    return found


def _error(apart: np.ndarray, seed: int) -> Measured:
    if len(apart) < suites.FEWEST:
        note = f"too few rows ({len(apart)})"
        return Measured("mean_absolute_error", None, len(apart), higher_is_better=False, note=note)
    low, high = intervals.of_mean(apart, seed)
    return Measured("mean_absolute_error", float(apart.mean()), len(apart), low, high, higher_is_better=False,
                    method="percentile bootstrap over rows, 95 %")  # fmt: skip


def _findings(
    gaps: list[slices.Gap], adjusted: list[float], counted: dict[str, Counted], measured: list[Measured],
    session: Session, offer: Offer,
) -> list[Finding]:  # fmt: skip
    """One for each axis on which something is worth a look."""
    found = []
    for axis, counts in counted.items():
        mine = [(gap, p) for gap, p in zip(gaps, adjusted, strict=True) if gap.axis == axis]
        items = [_gap_evidence(gap, p, counts, session, offer) for gap, p in mine if _is_large(gap)]
        ratios = [each for each in measured if each.slice == {"axis": axis} and _is_low(each)]
        items += [suites.evidence(each, session, offer) for each in ratios]
        if items:
            found.append(_finding(axis, max(mine, key=lambda pair: pair[0].value)[0], items, measured, offer))
    return found


def _is_large(gap: slices.Gap) -> bool:
    """Rates of selection have a threshold for their ratio, not for their gap."""
    return gap.rate != "selection_rate" and gap.value >= WORTH_A_LOOK and gap.low > 0


def _is_low(measured: Measured) -> bool:
    is_ratio = measured.metric == "demographic_parity_ratio" and measured.value is not None
    return is_ratio and measured.value < FOUR_FIFTHS and (measured.high or 1.0) < 1.0  # type: ignore[operator]


def _gap_evidence(gap: slices.Gap, p: float, counts: Counted, session: Session, offer: Offer) -> dict[str, Any]:
    """The worse group's rate, beside the better one's."""
    groups = counts[0] if gap.rate == "accuracy" else counts[1]
    worse, better = (gap.largest, gap.smallest) if gap.rate == "fpr" else (gap.smallest, gap.largest)
    share = slices.shares(gap.axis, {worse: groups[worse]}, (gap.rate,))[0]
    baseline = {"slice": f"{gap.axis}={better}", "value": getattr(groups[better], gap.rate), "n": groups[better].n}
    metric = {"accuracy": "accuracy_gap", "tpr": "tpr_gap", "fpr": "fpr_gap"}[gap.rate]
    return suites.evidence(replace(share, metric=metric), session, offer, baseline=baseline, gap=gap.value,
                           gap_ci=[gap.low, gap.high], p_adj=p)  # fmt: skip


def _finding(axis: str, worst: slices.Gap, items: list[dict], measured: list[Measured], offer: Offer) -> Finding:
    worse, better = (worst.largest, worst.smallest) if worst.rate == "fpr" else (worst.smallest, worst.largest)
    rate = worst.rate.replace("_", " ")
    title = f"{axis}: {rate} differs by {worst.value:.3f} between {worst.largest} and {worst.smallest}"
    return suites.finding(
        title,
        groups=[{"axis": axis, "value": worse, "vs": better}],
        evidence=items,
        measured=[each for each in measured if each.slice == {"axis": axis}],
        harm="allocative" if offer.name == "fair-tabular" else "quality_of_service",
        mit="1.3",
    )
