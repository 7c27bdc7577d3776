"""Boxes in pictures: reading them from cells, and average precision as COCO counts it, in NumPy.

A box is [left, top, right, bottom] in pixels. Average precision: boxes of a class in all pictures by falling score,
each matched to the free true box of its picture that it overlaps most, if by the threshold at least; precision, made to
fall, at 101 points of recall; the mean over thresholds .50 to .95 and over classes that occur.
"""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from workers.contract import Code
from workers.lib import data
from workers.lib.session import Trouble

THRESHOLDS = np.linspace(0.5, 0.95, 10)
POINTS = np.linspace(0, 1, 101)
MOST = 100


@dataclass(frozen=True)
class Objects:
    """Boxes (n, 4), labels of n, and scores of n where they are a model's."""

    boxes: np.ndarray
    labels: tuple[Any, ...]
    scores: np.ndarray | None = None

    def to_list(self) -> list[list[float]]:
        """[left, top, right, bottom, class number(, score)] of each, for what must be plain."""
        told = [[*map(float, box), int(label)] for box, label in zip(self.boxes, self.labels, strict=True)]
        return told if self.scores is None else [[*each, float(s)] for each, s in zip(told, self.scores, strict=True)]

    @classmethod
    def from_list(cls, told: Any) -> "Objects":
        rows = np.asarray([list(row) for row in told], dtype=float) if len(told) else np.zeros((0, 6))
        scores = rows[:, 5] if rows.shape[1] > 5 else None
        return cls(rows[:, :4], tuple(rows[:, 4].astype(int).tolist()), scores)


def read(cell: Any, corners: bool = False) -> Objects:
    """A cell of a data set: {"bbox": [[x, y, width, height], …], "category": […]}, or a list of {"bbox", "category"};
    also as JSON. `corners`: the boxes are [left, top, right, bottom] already. Boxes without an area are left out."""
    told = json.loads(cell) if isinstance(cell, str) else cell
    try:
        boxes, labels = _columns(told)
        numbers = np.asarray([list(map(float, box)) for box in boxes], dtype=float).reshape(-1, 4)
    except (KeyError, TypeError, ValueError) as fault:
        raise Trouble(
            Code.DATASET_BAD_VALUE,
            f"A cell holds no boxes: {str(cell)[:80]}",
            'Boxes are {"bbox": [[x, y, width, height], …], "category": […]}.',
            "columns.objects",
        ) from fault
    if not corners:
        numbers[:, 2:] += numbers[:, :2]
    large = np.asarray((numbers[:, 2:] > numbers[:, :2]).all(1), dtype=bool)
    names = [data.label(label) for label in labels]
    return Objects(numbers[large], tuple(name for name, kept in zip(names, large, strict=True) if kept))


def _columns(told: Any) -> tuple[list[Any], list[Any]]:
    """Boxes, and their classes by any of the usual names."""
    if isinstance(told, dict):
        boxes, labels = told["bbox"], next(told[name] for name in _names(told))
    else:
        boxes, labels = [each["bbox"] for each in told], [next(each[name] for name in _names(each)) for each in told]
    if len(boxes) != len(labels):
        raise ValueError("as many classes as boxes")
    return list(boxes), list(labels)


def _names(told: dict[str, Any]) -> list[str]:
    found: list[str] = [
        name for name in ("category", "categories", "category_id", "label", "labels", "class") if name in told
    ]
    if not found:
        raise KeyError("category")
    return found


def overlaps(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n, m): area of the intersection by that of the union."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(2)
    areas = (one[:, 2:] - one[:, :2]).prod(1)[:, None] + (other[:, 2:] - other[:, :2]).prod(1)[None] - both
    return both / np.maximum(areas, 1e-12)


@dataclass(frozen=True)
class Matched:
    """One picture, one class: scores of what was told, falling; whether each hit, by threshold; true boxes."""

    scores: np.ndarray
    hits: np.ndarray
    count: int


def match(truth: Objects, told: Objects, classes: int) -> list[Matched]:
    """Of one picture, class by class."""
    order = np.argsort(-told.scores, kind="stable")[:MOST] if told.scores is not None else np.zeros(0, dtype=int)
    return [_match(truth, told, order, number) for number in range(classes)]


def _match(truth: Objects, told: Objects, order: np.ndarray, number: int) -> Matched:
    true = truth.boxes[np.asarray([label == number for label in truth.labels], dtype=bool)]
    mine = np.asarray([row for row in order if told.labels[row] == number], dtype=int)
    shares = overlaps(told.boxes[mine], true)
    hits = np.stack([_hits(shares, threshold) for threshold in THRESHOLDS])
    scores = told.scores[mine] if told.scores is not None else np.zeros(0)
    return Matched(scores, hits, len(true))


def _hits(shares: np.ndarray, threshold: float) -> np.ndarray:
    """Greedy: the highest score first takes the free true box that it overlaps most."""
    free, found = np.ones(shares.shape[1], dtype=bool), np.zeros(len(shares), dtype=bool)
    for row, each in enumerate(shares):
        best = int(np.argmax(np.where(free, each, -1))) if free.any() else -1
        if best >= 0 and each[best] >= threshold:
            free[best], found[row] = False, True
    return found


def precisions(pictures: list[list[Matched]]) -> np.ndarray:
    """(classes, thresholds): average precision; NaN for classes that don't occur."""
    return np.stack([_precision([picture[number] for picture in pictures]) for number in range(len(pictures[0]))])


def _precision(parts: list[Matched]) -> np.ndarray:
    count = sum(part.count for part in parts)
    if not count:
        return np.full(len(THRESHOLDS), np.nan)
    order = np.argsort(-np.concatenate([part.scores for part in parts]), kind="stable")
    hits = np.concatenate([part.hits for part in parts], axis=1)[:, order]
    return np.asarray([_average(row, count) for row in hits])


def _average(hits: np.ndarray, count: int) -> float:
    if not len(hits):
        return 0.0
    right = np.cumsum(hits)
    precision = np.maximum.accumulate((right / np.arange(1, len(hits) + 1))[::-1])[::-1]
    places = np.searchsorted(right / count, POINTS, side="left")
    return float(np.where(places < len(hits), precision[np.minimum(places, len(hits) - 1)], 0.0).mean())


def mean(values: np.ndarray) -> float:
    """Over all that is defined; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
