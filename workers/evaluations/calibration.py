"""Calibration: expected calibration error, Brier score, likelihood, and the temperature that would help."""

from typing import Any

import numpy as np

from workers.contract import Code, Measured, Offer, Option
from workers.formulas import calibration
from workers.lib import intervals, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Trouble, Verdict

OFFER = Offer(
    kind="suite",
    name="calibration",
    version="1.0",
    title="Calibration",
    summary="Whether the model is right as often as it says it is.",
    tasks=("text-classification", "image-classification", "audio-classification", "tabular-classification"),
    options=(Option("bins", "int", 15, "Bins", "Of confidence, equally wide.", 2, 100, is_advanced=True),),
    metric="ece",
    higher_is_better=False,
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    found = suites.needed(predictions)
    scores, targets = _scores(found)
    count = suites.settings(session, OFFER)["bins"]
    sure, right = scores.max(axis=1), scores.argmax(axis=1) == targets
    warm = calibration.temperature(scores, targets)
    measured = [
        _measured("ece", lambda s, r: calibration.ece(s, r, count), sure, right, seed=session.seed),
        _measured("adaptive_ece", lambda s, r: calibration.adaptive_ece(s, r, count), sure, right, seed=session.seed),
        _measured("brier", np.mean, calibration.brier(scores, targets), seed=session.seed),
        _measured("nll", np.mean, calibration.nll(scores, targets), seed=session.seed),
        Measured("temperature", warm, len(targets), note="fitted on these very rows: what would make them likeliest"),
    ]
    return Verdict(suites.told(measured, session, OFFER), tables={"reliability": _curve(sure, right, count)})


def _measured(name: str, statistic: Any, *columns: Any, seed: int) -> Measured:
    return intervals.measured(name, statistic, *columns, seed=seed, higher_is_better=False)


def _scores(found: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and class numbers."""
    if found.scores is None or found.scores.ndim != 2 or not np.allclose(found.scores.sum(axis=1), 1, atol=1e-3):
        raise Trouble(Code.MODEL_NOT_SUPPORTED, "Calibration needs one probability for each class, which sum to 1.",
                      "Choose a recipe that classifies into one of several classes.", "recipe")  # fmt: skip
    return np.asarray(found.scores, float), np.asarray(found.targets, int)


def _curve(sure: np.ndarray, right: np.ndarray, count: int) -> list[dict[str, float]]:
    """Points of the reliability diagram, each with the interval of its accuracy."""
    points = []
    for each in calibration.bins(sure, right, count):
        low, high = intervals.wilson(round(each.accuracy * each.n), each.n)
        points.append({"confidence": each.confidence, "accuracy": each.accuracy, "low": low, "high": high, "n": each.n})
    return points


SUITE = Suite(OFFER, run)
