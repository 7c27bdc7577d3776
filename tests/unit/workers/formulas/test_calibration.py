"""Calibration, against reference values off the edges of bins."""

import numpy as np
import pytest

from workers.formulas import calibration

SURE, RIGHT = [0.95, 0.95, 0.85, 0.85, 0.65, 0.55], [1, 0, 1, 1, 0, 1]


def test_expected_calibration_error():
    assert calibration.ece(SURE, RIGHT, 10) == pytest.approx(0.383333, abs=1e-6)


def test_an_edge_belongs_to_the_bin_below():
    assert [each.n for each in calibration.bins([0.5, 0.5000001, 0.0, 1.0], [1, 1, 0, 1], 2)] == [2, 2]


def test_numbers_on_an_edge_are_a_trap():
    """0.6 is 9/15: as 32 bits it lies above the edge, and the same four points have thrice the error."""
    sure, right = [0.55, 0.6, 0.65, 0.65], [1, 0, 0, 1]
    assert calibration.ece(sure, right, 15) == pytest.approx(0.1125)
    assert calibration.ece(np.float32(sure), right, 15) == pytest.approx(0.3375)


def test_adaptive_bins_hold_equal_numbers():
    sure = np.linspace(0.5, 0.99, 30)
    found = calibration.bins(sure, sure > 0.7, 3, is_adaptive=True)
    assert [each.n for each in found] == [10, 10, 10]
    assert calibration.adaptive_ece([0.9, 0.9], [1, 1], 5) == pytest.approx(0.1)


def test_brier_and_likelihood():
    scores = np.array([[0.8, 0.2], [0.0, 1.0]])
    assert calibration.brier(scores, [0, 0]).tolist() == pytest.approx([0.08, 2.0])
    assert calibration.nll(scores, [0, 1]).tolist() == pytest.approx([-np.log(0.8), 0.0])


def test_the_temperature_undoes_what_sharpened():
    chance = np.random.default_rng(0)
    honest = chance.dirichlet([1, 1, 1], 4000)
    truth = np.array([chance.choice(3, p=row) for row in honest])
    sharp = calibration.tempered(honest, 0.5)
    assert calibration.temperature(sharp, truth) == pytest.approx(2.0, abs=0.15)
    assert calibration.tempered(sharp, 2.0) == pytest.approx(honest)
