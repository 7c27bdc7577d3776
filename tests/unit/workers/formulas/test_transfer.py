"""Transfer scores against reference values (whose they are: workers/formulas/transfer.py)."""

import numpy as np
import pytest
from sklearn import datasets

from workers.formulas import transfer

ROWS = np.array([[1, 0], [0, 1], [1, 1], [2, 1], [1, 2], [0, 0.5]])
LABELS = np.array([0, 1, 0, 0, 1, 1])
SOURCE = np.array(
    [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.1, 0.7, 0.2], [0.3, 0.3, 0.4]]
)
# LogME, H-score, shrunk H-score.
KNOWN = {
    "iris": (-0.160060, 1.1919, 1.1700),
    "digits": (0.270277, 5.9179, 5.8482),
    "wine": (-0.004461, 1.7058, 0.7618),
    "breast_cancer": (-0.185024, 0.7743, 0.5760),
}


@pytest.mark.parametrize("name", KNOWN)
def test_scores_of_small_tables(name):
    features, labels = getattr(datasets, f"load_{name}")(return_X_y=True)
    logme, h, shrunk = KNOWN[name]
    assert transfer.logme(features, labels) == pytest.approx(logme, abs=2e-6)
    assert transfer.h_score(features, labels) == pytest.approx(h, abs=6e-5)
    assert transfer.h_score_shrunk(features, labels) == pytest.approx(shrunk, abs=6e-5)


def test_logme_by_hand():
    found = transfer.evidences(ROWS, LABELS)
    assert np.mean([each.value for each in found]) == pytest.approx(-0.8720721382512177, abs=1e-12)
    assert [each.alpha for each in found] == pytest.approx([4.2705906, 4.0540082], abs=1e-6)
    assert [each.beta for each in found] == pytest.approx([7.5675966, 5.0633104], abs=1e-6)


def test_logme_with_fewer_rows_than_dimensions():
    chance = np.random.default_rng(0)
    features, labels = chance.normal(size=(50, 100)), chance.integers(0, 3, 50)
    features[np.arange(50), labels] += 2
    assert transfer.logme(features, labels) == pytest.approx(-0.73091, abs=1e-4)


def test_leep_and_nce():
    assert transfer.leep(SOURCE, LABELS) == pytest.approx(-0.5462163683260086, abs=1e-12)
    assert transfer.nce(SOURCE.argmax(axis=1), LABELS) == pytest.approx(-0.23104906018664842, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "knn", "probe"), [("iris", 0.98, 0.96), ("wine", 0.782, 0.983), ("breast_cancer", 0.923, 0.981)]
)
def test_probes_of_small_tables(name, knn, probe):
    features, labels = getattr(datasets, f"load_{name}")(return_X_y=True)
    assert transfer.knn_hits(features, labels).mean() == pytest.approx(knn, abs=0.03)
    assert transfer.probe_hits(features, labels).mean() == pytest.approx(probe, abs=0.02)
