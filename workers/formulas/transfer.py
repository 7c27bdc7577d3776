"""What embeddings of a data set promise for a fine-tune: LogME, H-score, LEEP, NCE, k-NN and a linear probe.

LogME: You et al. 2021 (arXiv 2110.10545), with evidence over the rank of the features, which also holds for fewer
rows than dimensions. H-score: Bao 2019; shrunk: Ibrahim 2021 (arXiv 2110.06893). LEEP: Nguyen 2020. NCE: Tran 2019.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

MOST_STEPS, NEAR_ENOUGH, TINY = 11, 1e-3, 1e-5


@dataclass(frozen=True)
class Evidence:
    """Of one target column, a row of it; `alpha`, `beta`: precisions of the weights and of the noise."""

    value: float
    alpha: float
    beta: float


def logme(features: ArrayLike, labels: ArrayLike) -> float:
    """Log evidence a row, mean over the classes; more is better."""
    return float(np.mean([each.value for each in evidences(features, labels)]))


def evidences(features: ArrayLike, labels: ArrayLike) -> list[Evidence]:
    rows = np.asarray(features, float)
    # QR first: forming F'F would lose small directions of unscaled features.
    q, r = np.linalg.qr(rows)
    left, singular, _ = np.linalg.svd(r, full_matrices=False)
    is_there = singular > singular.max() * max(rows.shape) * np.finfo(float).eps
    basis, squares = (q @ left)[:, is_there], singular[is_there] ** 2
    return [_evidence(basis, squares, column) for column in one_hot(labels).T]


def one_hot(labels: ArrayLike) -> np.ndarray:
    found = np.asarray(labels)
    return (found[:, None] == np.unique(found)[None, :]).astype(float)


def _evidence(basis: np.ndarray, squares: np.ndarray, column: np.ndarray) -> Evidence:
    """Fixed point of alpha and beta, then the evidence there."""
    n, ratio = len(column), 1.0
    inside = (basis.T @ column) ** 2
    outside = max(float(column @ column - inside.sum()), 0.0)
    for _ in range(MOST_STEPS):
        alpha, beta, weights, residual = _step(squares, inside, outside, n, ratio)
        before, ratio = ratio, alpha / beta
        if abs(ratio - before) / before <= NEAR_ENOUGH:
            break
    total = len(squares) / 2 * np.log(alpha) + n / 2 * np.log(beta) - np.log(alpha + beta * squares).sum() / 2
    total -= beta / 2 * residual + alpha / 2 * weights + n / 2 * np.log(2 * np.pi)
    return Evidence(float(total / n), float(alpha), float(beta))


def _step(
    squares: np.ndarray, inside: np.ndarray, outside: float, n: int, ratio: float
) -> tuple[float, float, float, float]:
    """New alpha and beta, and the squared lengths of weights and residual that they follow from."""
    known = (squares / (squares + ratio)).sum()
    weights = (squares * inside / (ratio + squares) ** 2).sum()
    residual = (inside / (1 + squares / ratio) ** 2).sum() + outside
    return known / (weights + TINY), (n - known) / (residual + TINY), weights, residual


def h_score(features: ArrayLike, labels: ArrayLike) -> float:
    """Variance between the classes in units of all variance, summed over directions."""
    rows = np.asarray(features, float)
    means = class_means(rows, np.asarray(labels))
    return float(np.trace(np.linalg.pinv(_cov(rows), rcond=1e-15) @ _cov(means)))


def _cov(rows: np.ndarray) -> np.ndarray:
    return np.atleast_2d(np.cov(rows, rowvar=False))


def class_means(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """For each row the mean of its class."""
    found = np.empty_like(rows)
    for label in np.unique(labels):
        found[labels == label] = rows[labels == label].mean(axis=0)
    return found


def h_score_shrunk(features: ArrayLike, labels: ArrayLike) -> float:
    """With the covariance of Ledoit and Wolf: holds up where dimensions are many and rows are few."""
    from sklearn.covariance import ledoit_wolf

    rows = np.asarray(features, float)
    rows = rows - rows.mean(axis=0)
    covariance, shrinkage = ledoit_wolf(rows, assume_centered=True)
    means = class_means(rows, np.asarray(labels))
    between = means.T @ means / len(rows)
    return float((1 - shrinkage) * np.trace(np.linalg.pinv(covariance, rcond=1e-15) @ between))


def leep(probabilities: ArrayLike, labels: ArrayLike) -> float:
    """Log expected prediction of the labels by way of the source's classes; 0 is best."""
    source = np.asarray(probabilities, float)
    joint = one_hot(labels).T @ source / len(source)
    given = joint / joint.sum(axis=0, keepdims=True)
    places = np.unique(np.asarray(labels), return_inverse=True)[1]
    return float(np.log((given[places] * source).sum(axis=1)).mean())


def nce(source_labels: ArrayLike, labels: ArrayLike) -> float:
    """Negative entropy of the labels given the source's best class; 0 is best."""
    joint = one_hot(labels).T @ one_hot(source_labels) / len(np.asarray(labels))
    given = joint / joint.sum(axis=0, keepdims=True)
    return float((joint[joint > 0] * np.log(given[joint > 0])).sum())


def knn_hits(features: ArrayLike, labels: ArrayLike, *, neighbours: int = 5, seed: int = 0) -> np.ndarray:
    """Whether the 5 nearest by cosine name each row's class, 5 folds."""
    from sklearn.neighbors import KNeighborsClassifier

    return _hits(KNeighborsClassifier(neighbours, metric="cosine", algorithm="brute"), features, labels, seed)


def probe_hits(features: ArrayLike, labels: ArrayLike, *, seed: int = 0, groups: ArrayLike | None = None) -> np.ndarray:
    """Whether a logistic regression on the embeddings that has not seen a row (nor its group) names its class."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return _hits(model, features, labels, seed, groups)


def _hits(
    model: object, features: ArrayLike, labels: ArrayLike, seed: int, groups: ArrayLike | None = None
) -> np.ndarray:
    """By as many folds as the smallest class has rows, five at most. Raises ValueError for a class of a single row."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict

    found = np.asarray(labels)
    count = min(5, int(np.unique(found, return_counts=True)[1].min()))
    folds = StratifiedKFold if groups is None else StratifiedGroupKFold
    split = folds(count, shuffle=True, random_state=seed)
    said = cross_val_predict(model, np.asarray(features, float), found, groups=groups, cv=split)
    return np.asarray(said == found, bool)
