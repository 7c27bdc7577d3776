"""Classes: their names, and what a classifier is worth."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from workers.contract import Code, Measured
from workers.lib import data, intervals
from workers.lib.session import Predictions, Session, Trouble


def names_of(values: Sequence[Any]) -> tuple[str, ...]:
    """The classes of training rows, in their order. Raises Trouble where there are fewer than two."""
    found = data.names_of(values)
    if len(found) < 2:
        raise Trouble(
            Code.DATASET_BAD_VALUE,
            f"The training data have {len(found)} class; there must be two at least.",
            "Map another column as the label, or take a data set with more classes.",
            "columns.label",
        )
    return found


def known_to(config: Any) -> tuple[str, ...]:
    """Names of a transformers model's classes, in their order; plain numbers where it never was told any."""
    names = tuple(str(config.id2label[number]) for number in range(len(config.id2label)))
    blank = all(name == f"LABEL_{number}" for number, name in enumerate(names))
    return tuple(map(str, range(len(names)))) if blank else names


def accuracy(targets: np.ndarray, outputs: np.ndarray) -> float:
    return float((np.asarray(targets) == np.asarray(outputs)).mean())


def macro_f1(targets: np.ndarray, outputs: np.ndarray, classes: int) -> float:
    """Mean of the classes' F1, over classes that occur in either."""
    both = np.bincount(targets.astype(int) * classes + outputs.astype(int), minlength=classes * classes)
    table = both.reshape(classes, classes)
    sizes = table.sum(0) + table.sum(1)
    return float((2 * np.diag(table)[sizes > 0] / sizes[sizes > 0]).mean())


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """Accuracy first, then macro-F1; top-5 where there are more than ten classes; AUC where there are two."""
    targets, outputs = np.asarray(predictions.targets, dtype=int), np.asarray(predictions.outputs, dtype=int)
    classes = max(len(predictions.labels), 1 + int(max(targets.max(initial=0), outputs.max(initial=0))))
    made = [
        intervals.share("accuracy", targets == outputs, seed=session.seed),
        intervals.measured("f1_macro", lambda t, o: macro_f1(t, o, classes), targets, outputs, seed=session.seed),
    ]
    return made + _of_scores(predictions, targets, session)


def _of_scores(predictions: Predictions, targets: np.ndarray, session: Session) -> list[Measured]:
    scores = predictions.scores
    if scores is None or not len(targets):
        return []
    if scores.shape[1] == 2:
        return [intervals.measured("roc_auc", area, targets, scores[:, 1], seed=session.seed)]
    if scores.shape[1] > 10:
        best = np.argsort(-scores, axis=1, kind="stable")[:, :5]
        return [intervals.share("accuracy_top5", (best == targets[:, None]).any(1), seed=session.seed)]
    return []


def area(targets: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by ranks (Mann-Whitney, ties count half); NaN where a class is missing."""
    from scipy.stats import rankdata

    positive = targets == 1
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    return float((rankdata(scores)[positive].sum() - n * (n + 1) / 2) / (n * m))
