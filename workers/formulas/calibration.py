"""Whether a model's confidence is worth its name: expected calibration error and its kin (Naeini 2015; Guo 2017)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Bin:
    """Confidences from `low` to `high` (high included): how many, their mean, and the share that was right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def bins(confidences: ArrayLike, correct: ArrayLike, count: int = 15, *, is_adaptive: bool = False) -> list[Bin]:
    """Of equal width, or of equal numbers of rows; empty ones are left out."""
    sure, right = np.asarray(confidences, float), np.asarray(correct, float)
    if is_adaptive:
        parts = np.array_split(np.argsort(sure, kind="stable"), min(count, len(sure)))
        return [_bin(sure, right, rows, sure[rows].min(), sure[rows].max()) for rows in parts if len(rows)]
    edges = np.linspace(0, 1, count + 1)
    places = np.clip(np.ceil(sure * count).astype(int) - 1, 0, count - 1)
    found = [(number, np.flatnonzero(places == number)) for number in range(count)]
    return [_bin(sure, right, rows, edges[number], edges[number + 1]) for number, rows in found if len(rows)]


def _bin(sure: np.ndarray, right: np.ndarray, rows: np.ndarray, low: float, high: float) -> Bin:
    return Bin(float(low), float(high), len(rows), float(sure[rows].mean()), float(right[rows].mean()))


def error_of(found: list[Bin]) -> float:
    """Mean distance of confidence and accuracy over the bins, by their rows."""
    total = sum(each.n for each in found)
    return sum(each.n * abs(each.confidence - each.accuracy) for each in found) / total


def ece(confidences: ArrayLike, correct: ArrayLike, count: int = 15) -> float:
    return error_of(bins(confidences, correct, count))


def adaptive_ece(confidences: ArrayLike, correct: ArrayLike, count: int = 15) -> float:
    return error_of(bins(confidences, correct, count, is_adaptive=True))


def brier(scores: np.ndarray, targets: ArrayLike) -> np.ndarray:
    """Of each row: squared distance of its probabilities from the truth, summed over the classes (0 to 2)."""
    truth = np.eye(scores.shape[1])[np.asarray(targets, int)]
    return ((scores - truth) ** 2).sum(axis=1)


def nll(scores: np.ndarray, targets: ArrayLike) -> np.ndarray:
    """Of each row, in nats; a probability of 0 counts as 1e-12."""
    rows = np.asarray(targets, int)
    return -np.log(np.maximum(scores[np.arange(len(rows)), rows], 1e-12))


def tempered(scores: np.ndarray, temperature: float) -> np.ndarray:
    """The same probabilities, softened (over 1) or sharpened."""
    logits = np.log(np.maximum(scores, 1e-12)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def temperature(scores: np.ndarray, targets: ArrayLike) -> float:
    """The one that makes `targets` likeliest, from 0.05 to 20."""
    from scipy.optimize import minimize_scalar

    def loss(power: float) -> float:
        return float(nll(tempered(scores, float(np.exp(power))), targets).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(np.log(0.05), np.log(20)), method="bounded").x))
