"""Rates by group, gaps and their intervals, against published values."""

import numpy as np
import pytest

from tests.factories import bias_data
from workers.formulas import chance, fairness
from workers.lib import intervals

TRUE = [1, 1, 1, 0, 0, 1, 1, 0, 0, 0]
SAID = [1, 1, 0, 1, 0, 1, 0, 0, 0, 0]
GROUPS = ["A"] * 5 + ["B"] * 5


def test_a_small_table_as_fairlearn_has_it():
    from fairlearn import metrics as theirs

    groups = fairness.by_group(TRUE, SAID, GROUPS)
    both = {"sensitive_features": GROUPS}
    assert (
        fairness.demographic_parity_difference(groups)
        == pytest.approx(theirs.demographic_parity_difference(TRUE, SAID, **both))
        == pytest.approx(0.4)
    )
    assert fairness.demographic_parity_ratio(groups) == pytest.approx(1 / 3)
    assert (
        fairness.equalised_odds_difference(groups)
        == pytest.approx(theirs.equalized_odds_difference(TRUE, SAID, **both))
        == pytest.approx(0.5)
    )
    assert fairness.equalised_odds_difference(groups, is_mean=True) == pytest.approx(1 / 3)
    assert fairness.equalised_odds_ratio(groups) == 0
    assert fairness.equal_opportunity_difference(groups) == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("who", "values"),
    [("all", (0.7, 0.4, 0.6, 0.2)), ("A", (0.6, 0.6, 2 / 3, 0.5)), ("B", (0.8, 0.2, 0.5, 0.0))],
)
def test_rates_of_the_small_table(who, values):
    counts = fairness.count(TRUE, SAID) if who == "all" else fairness.by_group(TRUE, SAID, GROUPS)[who]
    assert (counts.accuracy, counts.selection_rate, counts.tpr, counts.fpr) == pytest.approx(values)


def test_a_rate_without_a_denominator_is_not_known():
    counts = fairness.count([0, 0], [0, 1])
    assert np.isnan(counts.tpr)
    assert np.isnan(fairness.gap({"A": counts}, "tpr"))


def test_compas_as_propublica_published_it():
    table = bias_data.compas()
    groups = fairness.by_group(table["two_year_recid"] == 1, table["score_text"] != "Low", table["race"])
    black, white = groups["African-American"], groups["Caucasian"]
    assert (black.n, white.n) == (3696, 2454)
    assert (black.fpr, black.fnr, black.ppv) == pytest.approx((0.4485, 0.2799, 0.6297), abs=5e-5)
    assert (white.fpr, white.fnr, white.ppv) == pytest.approx((0.2345, 0.4772, 0.5913), abs=5e-5)
    two = {"b": black, "w": white}
    assert fairness.demographic_parity_difference(two) == pytest.approx(0.2402, abs=5e-5)
    assert fairness.equalised_odds_difference(two) == pytest.approx(0.2139, abs=6e-5)
    assert intervals.newcombe(*black.parts("fpr"), *white.parts("fpr")) == pytest.approx((0.1821, 0.2450), abs=5e-5)


def test_adult_by_sex():
    table = bias_data.adult()
    rich = table["income"] == ">50K"
    assert len(table) == 32_561
    groups = fairness.by_group(rich, rich, table["sex"])
    assert (groups["Male"].selection_rate, groups["Female"].selection_rate) == pytest.approx((0.3057, 0.1095), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [
        (3, 5, (0.230724, 0.882379)),
        (1, 5, (0.036224, 0.624465)),
        (45, 100, (0.356145, 0.547554)),
        (0, 30, (0, 0.113513)),
    ],
)
def test_wilson(hits, n, expected):
    assert intervals.wilson(hits, n) == pytest.approx(expected, abs=1e-6)


def test_newcombe_as_in_the_textbook():
    assert intervals.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@pytest.mark.parametrize(("rate", "gap", "n"), [(0.8, 0.05, 903), (0.9, 0.05, 432), (0.8, 0.10, 197)])
def test_rows_needed_to_see_a_gap(rate, gap, n):
    assert chance.rows_needed(rate, gap) == n


def test_many_questions_are_adjusted_for():
    assert chance.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert chance.benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
