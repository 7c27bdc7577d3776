"""Fairness of decisions on people in a table: the group metrics, also where two axes meet."""

from itertools import combinations
from typing import TYPE_CHECKING

from workers.contract import Offer, Option
from workers.evaluations.fair_groups import AXES, POSITIVE
from workers.lib import slices, suites
from workers.lib.group_fairness import verdict
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict

if TYPE_CHECKING:
    import pandas as pd

OFFER = Offer(
    kind="suite",
    name="fair-tabular",
    version="1.0",
    title="Fairness of decisions in tables",
    summary="Demographic parity, equalised odds and error rates by group and by pairs of groups, with intervals.",
    tasks=("tabular-classification", "tabular-regression"),
    options=(
        AXES,
        POSITIVE,
        Option("pairs", "bool", True, "Pairs of axes", "Also where two axes meet: women of one origin, say."),
    ),
    metric="equalised_odds_difference",
    higher_is_better=False,
    memory="table",
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    found = suites.needed(predictions)
    columns = found.others if found.others is not None else suites.test(session).others
    chosen = suites.settings(session, OFFER)
    return verdict(session, found, OFFER, _axes(columns, suites.names(chosen["axes"]), chosen["pairs"]))


def _axes(columns: "pd.DataFrame", wanted: list[str], has_pairs: bool) -> "dict[str, pd.Series]":
    """Every axis, and each pair of those that were named."""
    single = slices.axes(columns, wanted)
    chosen = combinations(single, 2) if has_pairs and wanted else ()
    both = {f"{a} × {b}": single[a].map(str) + " × " + single[b].map(str) for a, b in chosen}
    return {**single, **both}


SUITE = Suite(OFFER, run)
