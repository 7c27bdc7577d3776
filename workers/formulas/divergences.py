"""How far apart two distributions lie: stability index, divergences, tests, Fréchet distance."""

import numpy as np
from numpy.typing import ArrayLike


def psi(expected: ArrayLike, actual: ArrayLike, floor: float = 1e-4) -> float:
    """Population stability index of two distributions over the same bins (shares or counts)."""
    old, new = _shares(expected, floor), _shares(actual, floor)
    return float(((new - old) * np.log(new / old)).sum())


def _shares(counts: ArrayLike, floor: float = 0.0) -> np.ndarray:
    found = np.asarray(counts, float)
    return np.maximum(found / found.sum(), floor)


def shares_of(reference: ArrayLike, sample: ArrayLike, bins: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Both over bins that hold equal parts of the reference; ties share a bin."""
    old, new = np.asarray(reference, float), np.asarray(sample, float)
    edges = np.unique(np.quantile(old, np.linspace(0, 1, bins + 1)[1:-1]))
    return tuple(np.bincount(np.searchsorted(edges, each, "right"), minlength=len(edges) + 1) for each in (old, new))  # type: ignore[return-value]


def counts_of(reference: ArrayLike, sample: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both over the categories that occur in either."""
    old, new = np.asarray(reference, str), np.asarray(sample, str)
    names = np.unique(np.concatenate([old, new]))
    return tuple(np.array([(each == name).sum() for name in names]) for each in (old, new))  # type: ignore[return-value]


def jensen_shannon(first: ArrayLike, second: ArrayLike) -> float:
    """Divergence in bits, 0 to 1."""
    p, q = _shares(first), _shares(second)
    middle = (p + q) / 2
    return (_kullback_leibler(p, middle) + _kullback_leibler(q, middle)) / 2


def _kullback_leibler(p: np.ndarray, q: np.ndarray) -> float:
    there = p > 0
    return float((p[there] * np.log2(p[there] / q[there])).sum())


def kolmogorov_smirnov(first: ArrayLike, second: ArrayLike) -> tuple[float, float]:
    """The statistic and its p."""
    from scipy.stats import ks_2samp

    found = ks_2samp(np.asarray(first, float), np.asarray(second, float))
    return float(found.statistic), float(found.pvalue)


def wasserstein(first: ArrayLike, second: ArrayLike) -> float:
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(np.asarray(first, float), np.asarray(second, float)))


def chi_squared(first: ArrayLike, second: ArrayLike) -> float:
    """p of both counts over the same categories coming from one distribution."""
    from scipy.stats import chi2_contingency

    table = np.array([first, second], float)
    table = table[:, table.sum(axis=0) > 0]
    return float(chi2_contingency(table).pvalue) if table.shape[1] > 1 else 1.0


def frechet_of(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> float:
    """Squared distance of two normal distributions, (mean, covariance) each (Dowson and Landau 1982)."""
    (mean, cov), (other_mean, other_cov) = first, second
    root = _root(cov)
    cross = np.linalg.eigvalsh(root @ other_cov @ root)
    parts = np.trace(cov) + np.trace(other_cov) - 2 * np.sqrt(np.maximum(cross, 0)).sum()
    return float(((mean - other_mean) ** 2).sum() + parts)


def _root(matrix: np.ndarray) -> np.ndarray:
    """Of a symmetric one that is nowhere negative."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def frechet(first: np.ndarray, second: np.ndarray) -> float:
    """Of two samples (n, dimensions), as if each were normal."""
    return frechet_of(_moments(first), _moments(second))


def _moments(sample: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return sample.mean(axis=0), np.atleast_2d(np.cov(sample, rowvar=False))
