"""Distances between samples, against reference values."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from workers.formulas import divergences, shift


def test_stability_index():
    assert divergences.psi([0.5, 0.5], [0.9, 0.1]) == pytest.approx(0.878890, abs=1e-6)
    assert divergences.psi([0.25] * 4, [0.25] * 4) == 0


def test_divergence_in_bits():
    assert divergences.jensen_shannon([0.5, 0.5], [0.9, 0.1]) == pytest.approx(0.146793, abs=1e-6)
    assert divergences.jensen_shannon([1, 0], [0, 1]) == pytest.approx(1)


def test_kolmogorov_smirnov_and_wasserstein():
    assert divergences.kolmogorov_smirnov([1, 2, 3, 4, 5], [3, 4, 5, 6, 7]) == pytest.approx((0.4, 0.873), abs=1e-3)
    assert divergences.wasserstein([1, 2, 3, 4, 5], [3, 4, 5, 6, 7]) == pytest.approx(2)


def test_frechet():
    normal = (np.zeros(2), np.eye(2))
    assert divergences.frechet_of(normal, (np.array([3.0, 4.0]), 4 * np.eye(2))) == pytest.approx(27)


def test_kernel_discrepancy():
    first, second = np.array([[0.0], [1], [2]]), np.array([[1.0], [2], [4]])
    assert shift.mmd(first, second, 0.5) == pytest.approx(-0.211033, abs=1e-6)


def test_bins_of_a_sample_follow_the_reference():
    old, new = divergences.shares_of(np.arange(100), np.arange(50, 150), bins=4)
    assert old.tolist() == [25, 25, 25, 25]
    assert new.tolist() == [0, 0, 25, 75]


def _digits(noise: float) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    pixels = load_digits().data / 16
    order = chance.permutation(len(pixels))[:800]
    noisy = np.clip(pixels[order[400:]] + chance.normal(0, noise, (400, 64)), 0, 1)
    return pixels[order[:400]], noisy if noise else pixels[order[400:]]


def test_digits_against_themselves():
    first, second = _digits(0)
    assert shift.domain_auc(first, second) == pytest.approx(0.5, abs=0.06)
    assert shift.proxy_a_distance(first, second) < 0.3
    assert shift.mmd_p(first, second, draws=50)[1] > 0.05
    assert shift.knn_auroc(first, second) == pytest.approx(0.5, abs=0.08)


def test_digits_against_noisy_ones():
    first, second = _digits(0.3)
    assert shift.domain_auc(first, second) > 0.99
    assert shift.proxy_a_distance(first, second) == pytest.approx(1.95, abs=0.06)
    found, p = shift.mmd_p(first, second, draws=199)
    assert found > 0.03
    assert p == pytest.approx(0.005)
    assert shift.knn_auroc(first, second) > 0.75
