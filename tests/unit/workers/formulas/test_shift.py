"""Distances between samples, against reference values."""

import numpy as np
import pytest
from sklearn.datasets import load_digits

from workers.formulas import divergences, shift
from workers.formulas.association import unit


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


def _shifted() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """400 digits, pixels of 0 to 1; and 400 others as they are and changed in ways that a reference has measured."""
    pixels, labels = load_digits(return_X_y=True)
    chance, pixels = np.random.default_rng(1), pixels / 16
    order = chance.permutation(len(pixels))
    first, second = pixels[order[:400]], pixels[order[400:800]]
    pictures = second.reshape(-1, 8, 8)
    blurred = pictures / 2 + np.roll(pictures, 1, 1) / 4 + np.roll(pictures, -1, 1) / 4
    return first, {
        "none": second,
        "noise .2": np.clip(second + chance.normal(0, 0.2, second.shape), 0, 1),
        "blur": blurred.reshape(-1, 64),
        "classes 0-4": pixels[labels < 5][:400],
        "transpose": pictures.transpose(0, 2, 1).reshape(-1, 64),
        "invert": 1 - second,
        "noise": chance.random(second.shape),
    }


# Kernel discrepancy, proxy-A-distance, Fréchet distance, neighbours of rows of length 1; and how near each must come:
# of some the reference says two digits, of others its draws aren't known.
SHIFTS = {
    "none": ((-0.0018, 0.10, 0.15, 0.56), (0.0001, 0.01, 0.005, 0.01)),
    "noise .2": ((0.055, 1.94, 0.71, 0.78), (0.006, 0.03, 0.04, 0.02)),
    "blur": ((0.127, 1.37, 0.86, 0.38), (0.001, 0.03, 0.005, 0.01)),
    "classes 0-4": ((0.067, 0.61, 0.74, 0.52), (0.0005, 0.04, 0.005, 0.01)),
    "transpose": ((1.7, 2.0, 12, 1.0), (0.05, 0.005, 0.5, 0.005)),
    "invert": ((3.4, 2.0, 27, 1.0), (0.05, 0.005, 0.5, 0.005)),
    "noise": ((1.3, 2.0, 10, 1.0), (0.05, 0.005, 0.5, 0.005)),
}


def _dealt(rows: np.ndarray) -> np.ndarray:
    """So that the first half is what is known, as it was at the reference, when halves are drawn."""
    made = np.empty_like(rows)
    made[np.random.default_rng(0).permutation(len(rows))] = rows
    return made


@pytest.mark.parametrize("name", SHIFTS)
def test_shifted_digits_as_measured(name):
    expected, near = SHIFTS[name]
    first, sets = _shifted()
    other = sets[name]
    found = (
        shift.mmd(first, other),
        shift.proxy_a_distance(first, other),
        divergences.frechet(first, other),
        shift.knn_auroc(_dealt(unit(first)), unit(other)),
    )
    assert [abs(one - two) <= by for one, two, by in zip(found, expected, near, strict=True)] == [True] * 4, found


def test_chances_of_shifts_as_measured():
    first, sets = _shifted()
    assert shift.mmd_p(first, sets["none"])[1] == pytest.approx(0.69, abs=0.08)
    assert shift.mmd_p(first, sets["blur"])[1] == pytest.approx(0.005, abs=1e-4)
