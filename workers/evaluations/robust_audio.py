"""Robustness of models that hear: white noise at falling ratios of signal to noise; classes, or words of speech."""

from typing import Any

import numpy as np

from workers.contract import Code, Measured, Offer, Option
from workers.formulas.edits import errors
from workers.lib import intervals, models, robustness, sounds, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict

OFFER = Offer(
    kind="suite",
    name="robust-audio",
    version="1.0",
    title="Robustness to noise in sounds",
    summary="Accuracy, or word errors of speech, with noise at 20, 10 and 0 dB.",
    tasks=("audio-classification", "automatic-speech-recognition"),
    options=(
        Option("rows", "int", 200, "Rows at most", "Drawn by the seed; each is heard once for every ratio.", 20,
               100_000),
        Option("decibels", "text", "20,10,0", "Signal to noise", "Ratios in dB, by commas.", is_advanced=True),
    ),
    metric="mean_corruption_error",
    higher_is_better=False,
)  # fmt: skip


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    recipe, chosen = robustness.read_by(session, recipe), suites.settings(session, OFFER)
    ratios, table = _ratios(chosen["decibels"]), robustness.worsened(session, "audio", chosen["rows"])
    heard = {"none": _heard(session, recipe, table)}
    for ratio in ratios:
        session.report.say(f"noise at {ratio:g} dB")
        heard[f"{ratio:g} dB"] = _heard(session, recipe, _noisy(table, ratio, session.seed))
    return Verdict(suites.told(_measured(heard, session.seed), session, OFFER))


def _ratios(text: str) -> list[float]:
    """From little noise to much. Raises `Trouble` for what is no ratio."""
    try:
        found = sorted({float(each) for each in suites.names(text)}, reverse=True)
    except ValueError:
        found = []
    if not found or not all(-20 <= each <= 60 for each in found):
        raise Trouble(Code.BAD_SPEC, f"{text!r} is no list of ratios.", "Name some from -20 to 60.", "config.decibels")
    return found


def _noisy(table: Table, ratio: float, seed: int) -> Table:
    def change(values: list[Any], name: str, step: int, chance: np.random.Generator) -> list[Any]:
        return [sounds.noisy(value, ratio, chance) for value in values]

    return robustness.changed(table, "audio", "noise", int(ratio) + 100, change, seed)


def _heard(session: Session, recipe: Recipe, table: Table) -> tuple[str, np.ndarray, np.ndarray]:
    """The metric, and of each row the errors and out of how many: words of a text, else the one class."""
    said = recipe.predict(session, models.base(session), table)
    if not said.labels and all(isinstance(each, str) for each in said.outputs):
        return ("wer", *errors(list(said.targets), list(said.outputs)))
    right, name = suites.row_scores(said)
    if name != "accuracy":
        raise Trouble(Code.MODEL_NOT_SUPPORTED, "This suite counts right answers; the model gives numbers.",
                      "Choose a model that classifies, or writes what it hears.", "suites")  # fmt: skip
    return "accuracy", 1.0 - right, np.ones(len(right))


def _measured(heard: dict[str, tuple[str, np.ndarray, np.ndarray]], seed: int) -> list[Measured]:
    """By ratio; the mean error of all ratios; and how much of what was right is lost, where anything was."""
    found = [_at(*each, {"noise": name}, seed) for name, each in heard.items()]
    (_, clean, size), *worse = heard.values()
    mean = np.mean([wrong for _, wrong, _ in worse], axis=0)
    more: dict[str, Any] = {"seed": seed, "higher_is_better": False}
    found.append(intervals.measured("mean_corruption_error", _rate, mean, size, **more))
    found.append(intervals.measured("relative_drop", _drop, clean, mean, size, **more))
    return found


def _at(metric: str, wrong: np.ndarray, size: np.ndarray, part: dict[str, str], seed: int) -> Measured:
    if metric == "accuracy":
        return intervals.share(metric, wrong == 0, slice=part)
    return intervals.measured(metric, _rate, wrong, size, seed=seed, slice=part, higher_is_better=False)


def _rate(wrong: np.ndarray, size: np.ndarray) -> float:
    return float(wrong.sum() / size.sum()) if size.sum() else float("nan")


def _drop(clean: np.ndarray, worse: np.ndarray, size: np.ndarray) -> float:
    right = 1 - _rate(clean, size)
    return (_rate(worse, size) - _rate(clean, size)) / right if right > 0 else float("nan")


SUITE = Suite(OFFER, run, uses_predictions=False)
