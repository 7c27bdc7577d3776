"""Fairness between groups: accuracy, selection, TPR and FPR by group of any column, their gaps with intervals."""

from workers.contract import Offer, Option
from workers.lib import slices, suites
from workers.lib.group_fairness import verdict
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict

AXES = Option("axes", "text", "", "Slice by", "Columns by commas; `sex_*` for one-hot columns. Empty: every column of "
              "2 to 20 values.")  # fmt: skip
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
    axes = slices.axes(columns, suites.names(suites.settings(session, OFFER)["axes"]))
    return verdict(session, found, OFFER, axes)


SUITE = Suite(OFFER, run)
