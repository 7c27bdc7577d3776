"""Intervals and scores against values known from elsewhere."""

import numpy as np
import pytest
from sklearn import metrics

from workers.lib import intervals, scores
from workers.lib.session import Predictions

DRAWN = np.random.default_rng(0)
TARGETS, OUTPUTS = DRAWN.integers(0, 4, 300), DRAWN.integers(0, 4, 300)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Newcombe 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(hits, n, low, high):
    assert intervals.wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_a_bootstrap_of_a_share_agrees_with_the_normal_interval():
    right = np.arange(10_000) < 9002
    low, high = intervals.of_mean(right)
    # Drawn by another hand: [.8945, .9061]; the normal interval: [.8943, .9061].
    assert (low, high) == pytest.approx((0.8945, 0.9061), abs=5e-4)
    assert (low, high) == pytest.approx((0.8943, 0.9061), abs=5e-4)
    assert intervals.of_mean(right) == (low, high)


def test_whole_groups_are_drawn():
    values, groups = np.repeat([0.0, 1.0] * 10, 50), np.repeat(np.arange(20), 50)
    alone, together = intervals.of_mean(values), intervals.of_mean(values, groups=groups)
    assert together[1] - together[0] > 4 * (alone[1] - alone[0])


def test_a_ratio_is_of_sums():
    low, high = intervals.of_ratio([1, 0, 3], [10, 10, 10])
    assert 0 <= low <= 4 / 30 <= high <= 0.3


def test_two_models_over_the_same_rows():
    first, second = np.ones(100, bool), np.arange(100) >= 10
    assert intervals.paired(first, second)[0] > 0
    assert intervals.mcnemar(first, second) == pytest.approx(2 / 2**10)
    assert intervals.mcnemar(first, first) == 1.0


def test_two_models_that_are_2_4_points_apart_as_measured():
    """Counts that give the published interval and p: of 10,000 rows 29 are right with the one only, 265 the other."""
    first, second = np.ones(10_000, bool), np.ones(10_000, bool)
    first[:265], second[265:294] = False, False
    assert intervals.paired(first, second) == pytest.approx((-0.0270, -0.0204), abs=4e-4)
    assert intervals.mcnemar(first, second) == pytest.approx(7e-49, rel=0.06)


def test_what_is_not_defined_is_said_so():
    found = intervals.measured("auroc", scores.auroc, np.zeros(5, bool), np.arange(5.0))
    assert (found.value, found.low, found.note) == (None, None, "not defined on these rows")
    assert intervals.share("accuracy", []).value is None


def test_scores_of_classes_agree_with_scikit_learn():
    counts = scores.confusion(TARGETS, OUTPUTS, 4)
    assert scores.f1_macro(counts) == pytest.approx(metrics.f1_score(TARGETS, OUTPUTS, average="macro"))
    assert scores.mcc(counts) == pytest.approx(metrics.matthews_corrcoef(TARGETS, OUTPUTS))
    chance = np.random.default_rng(1).random(300).round(1)
    assert scores.auroc(TARGETS > 1, chance) == pytest.approx(metrics.roc_auc_score(TARGETS > 1, chance))


def test_scores_of_numbers_and_of_several_labels_agree_with_scikit_learn():
    one, two = DRAWN.normal(size=50), DRAWN.normal(size=50)
    found = {each.metric: each.value for each in scores.values(Predictions(one, two))}
    assert found["r2"] == pytest.approx(metrics.r2_score(one, two))
    assert found["pearson"] == pytest.approx(np.corrcoef(one, two)[0, 1])
    rows, said = DRAWN.integers(0, 2, (40, 3)), DRAWN.integers(0, 2, (40, 3))
    several = {each.metric: each.value for each in scores.labels(Predictions(rows, said))}
    assert several["f1_micro"] == pytest.approx(metrics.f1_score(rows, said, average="micro"))
    assert several["f1_macro"] == pytest.approx(metrics.f1_score(rows, said, average="macro"))
