"""Metrics of classes and of numbers, with intervals. All in NumPy, so that a bootstrap takes no minute."""

from typing import Any

import numpy as np

from workers.contract import Measured
from workers.lib import intervals
from workers.lib.session import Predictions


def classes(predictions: Predictions, seed: int = 0) -> list[Measured]:
    """accuracy, f1_macro and mcc; log_loss and auroc (of two classes) too where there are probabilities."""
    targets, outputs = np.asarray(predictions.targets, int), np.asarray(predictions.outputs, int)
    size = int(max(targets.max(initial=0), outputs.max(initial=0), len(predictions.labels) - 1)) + 1
    made = [
        intervals.share("accuracy", targets == outputs, seed=seed),
        intervals.measured("f1_macro", lambda a, b: f1_macro(confusion(a, b, size)), targets, outputs, seed=seed),
        intervals.measured("mcc", lambda a, b: mcc(confusion(a, b, size)), targets, outputs, seed=seed),
    ]
    return made if predictions.scores is None else [*made, *_of_scores(targets, predictions.scores, seed)]


def _of_scores(targets: np.ndarray, scores: np.ndarray, seed: int) -> list[Measured]:
    own = np.clip(scores[np.arange(len(targets)), targets], 1e-12, 1.0)
    found = [intervals.measured("log_loss", np.mean, -np.log(own), seed=seed, higher_is_better=False)]
    if scores.shape[1] == 2:
        found.append(intervals.measured("auroc", auroc, targets == 1, scores[:, 1], seed=seed))
    if scores.shape[1] > 5:
        ranks = (scores > scores[np.arange(len(targets)), targets][:, None]).sum(axis=1)
        found.append(intervals.share("accuracy_top5", ranks < 5, seed=seed))
    return found


def confusion(targets: np.ndarray, outputs: np.ndarray, size: int) -> np.ndarray:
    """Counts by target (row) and output (column)."""
    return np.bincount(targets * size + outputs, minlength=size * size).reshape(size, size)


def f1_macro(counts: np.ndarray) -> float:
    """Mean F1 over the classes that occur as a target or as an output."""
    both = counts.sum(axis=0) + counts.sum(axis=1)
    seen = both > 0
    return float((2 * np.diag(counts)[seen] / both[seen]).mean()) if seen.any() else float("nan")


def mcc(counts: np.ndarray) -> float:
    """Matthews correlation for any number of classes (Gorodkin 2004); 0 where one side never varies."""
    table = counts.astype(float)
    rows, columns, n = table.sum(axis=1), table.sum(axis=0), table.sum()
    covariance = np.trace(table) * n - rows @ columns
    spread = np.sqrt(n * n - rows @ rows) * np.sqrt(n * n - columns @ columns)
    return float(covariance / spread) if spread else 0.0


def auroc(positive: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by mid-ranks; not defined with one class only."""
    from scipy.stats import rankdata

    hits = int(positive.sum())
    if hits in (0, len(positive)):
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * (len(positive) - hits)))


def values(predictions: Predictions, seed: int = 0) -> list[Measured]:
    """rmse, mae, r2 and pearson of numbers."""
    targets, outputs = np.asarray(predictions.targets, float), np.asarray(predictions.outputs, float)
    both = (targets, outputs)
    return [
        intervals.measured("rmse", rmse, *both, seed=seed, higher_is_better=False),
        intervals.measured("mae", lambda a, b: np.abs(a - b).mean(), *both, seed=seed, higher_is_better=False),
        intervals.measured("r2", r2, *both, seed=seed),
        intervals.measured("pearson", pearson, *both, seed=seed),
    ]


def points(problem: str, predictions: Predictions) -> dict[str, float]:
    """What a training watches, without intervals. `problem`: single, multi or number."""
    targets, outputs = np.asarray(predictions.targets), np.asarray(predictions.outputs)
    if problem == "number":
        return {"rmse": rmse(targets, outputs), "r2": r2(targets, outputs)}
    if problem == "multi":
        return {"f1_macro": _f1(targets.astype(int), outputs.astype(int), 0)}
    counts = confusion(targets.astype(int), outputs.astype(int), int(max(targets.max(), outputs.max())) + 1)
    return {"accuracy": float((targets == outputs).mean()), "f1_macro": f1_macro(counts)}


def rmse(targets: np.ndarray, outputs: np.ndarray) -> float:
    return float(np.sqrt(((targets - outputs) ** 2).mean()))


def r2(targets: np.ndarray, outputs: np.ndarray) -> float:
    spread = ((targets - targets.mean()) ** 2).sum()
    return float(1 - ((targets - outputs) ** 2).sum() / spread) if spread else float("nan")


def pearson(targets: np.ndarray, outputs: np.ndarray) -> float:
    one, two = targets - targets.mean(), outputs - outputs.mean()
    spread = np.sqrt((one @ one) * (two @ two))
    return float(one @ two / spread) if spread else float("nan")


def labels(predictions: Predictions, seed: int = 0) -> list[Measured]:
    """f1_micro, f1_macro and exact_match of rows that may have several classes each (rows of 0 and 1)."""
    targets, outputs = np.asarray(predictions.targets, int), np.asarray(predictions.outputs, int)
    return [
        intervals.measured("f1_micro", lambda a, b: _f1(a, b, None), targets, outputs, seed=seed),
        intervals.measured("f1_macro", lambda a, b: _f1(a, b, 0), targets, outputs, seed=seed),
        intervals.share("exact_match", (targets == outputs).all(axis=1), seed=seed),
    ]


def _f1(targets: np.ndarray, outputs: np.ndarray, axis: Any) -> float:
    both = targets.sum(axis=axis) + outputs.sum(axis=axis)
    hits = (targets * outputs).sum(axis=axis)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.nanmean(np.where(both > 0, 2 * hits / both, np.nan))) if np.any(both) else float("nan")
