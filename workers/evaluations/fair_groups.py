"""Fairness between groups: accuracy, selection, TPR and FPR by group of any column, their gaps with intervals."""

from typing import TYPE_CHECKING

from workers.contract import Offer, Option
from workers.lib import slices, suites
from workers.lib.group_fairness import verdict
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict

if TYPE_CHECKING:
    import pandas as pd

AXES = Option("axes", "text", "", "Slice by", "Columns by commas; `sex_*` for one-hot columns. Empty: every column of "
              "2 to 20 values, or else the true class.")  # fmt: skip
POSITIVE = Option("positive", "text", "", "Positive class", "Whose rates are compared. Empty: the second of two.")
OFFER = Offer(
    kind="suite",
    name="fair-groups",
    version="1.0",
    title="Fairness between groups",
    summary="Metrics by slice with intervals, demographic parity, equalised odds, worst group.",
    tasks=(
        "text-classification",
        "token-classification",
        "image-classification",
        "audio-classification",
        "tabular-classification",
        "tabular-regression",
    ),
    options=(AXES, POSITIVE),
    metric="accuracy_gap",
    higher_is_better=False,
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    found = suites.needed(predictions)
    columns = found.others if found.others is not None else suites.test(session).others
    wanted = suites.names(suites.settings(session, OFFER)["axes"])
    return verdict(session, found, OFFER, slices.axes(columns, wanted, otherwise=_by_class(found)))


def _by_class(found: Predictions) -> "dict[str, pd.Series]":
    """Data without any column to part them by still say how each class fares."""
    import pandas as pd

    targets = list(found.targets)
    if not found.labels or any(isinstance(each, list | tuple) for each in targets):
        return {}
    return {"class": pd.Series([found.labels[int(each)] for each in targets])}


SUITE = Suite(OFFER, run)
