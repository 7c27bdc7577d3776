"""Counterfactual fairness of text classifiers: the same sentence about somebody else, in templates and in the rows."""

from dataclasses import replace
from typing import Any

import numpy as np

from workers.contract import Code, Finding, Measured, Offer, Option
from workers.formulas import counterfactual
from workers.lib import intervals, models, robustness, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict

OFFER = Offer(
    kind="suite",
    name="fair-text-cf",
    version="1.0",
    title="Counterfactual swaps in text",
    summary="How much a score moves, and how often the answer flips, when only the group in the sentence changes.",
    tasks=("text-classification", "token-classification", "zero-shot-classification"),
    options=(
        Option("positive", "text", "", "Class", "Whose score is watched. Empty: the last one of the model."),
        Option("threshold", "float", 0.5, "Threshold", "Of the score, for flips in templates.", 0, 1),
        Option("rows", "int", 500, "Rows at most", "Of the data set, with words swapped.", 20, 100_000),
    ),
    metric="flip_rate",
    higher_is_better=False,
)
LARGE = 0.10


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if recipe is None or session.base is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs a model and the recipe that reads it.", "Name both.", "recipe")
    chosen = suites.settings(session, OFFER)
    measured, tables = [], {}
    for axis in counterfactual.TERMS:
        told, by_word = _templates(session, recipe, axis, chosen)
        measured += told
        tables[axis] = by_word
    for axis in counterfactual.SWAPS:
        measured += _rows(session, recipe, axis, chosen)
    told = suites.told(measured, session, OFFER)
    findings = [found for each in told if (found := _finding(each, session))]
    return Verdict(told, findings, {"score_by_word": tables})


def _templates(session: Session, recipe: Recipe, axis: str, chosen: dict[str, Any]) -> tuple[list[Measured], dict]:
    """Every template with every word of the axis."""
    filled = counterfactual.filled(axis)
    scores = _scores(session, recipe, [text for row in filled for text in row], chosen["positive"])
    shaped = scores.reshape(len(filled), -1)
    found, part = counterfactual.swing(shaped, chosen["threshold"]), {"axis": axis, "texts": "templates"}
    low, high = intervals.bootstrap(_gap, *shaped.T, seed=session.seed)
    gap = Measured("counterfactual_gap", found.gap, found.n, low, high, part, higher_is_better=False,
                   method="percentile bootstrap over templates, 95 %")  # fmt: skip
    flips = intervals.share("flip_rate", _flips(shaped, chosen["threshold"]), slice=part, higher_is_better=False)
    largest = Measured("largest_swing", found.largest, found.n, slice=part, higher_is_better=False,
                       note="the largest distance inside one template")  # fmt: skip
    return [gap, flips, largest], dict(zip(counterfactual.TERMS[axis], found.by_word, strict=True))


def _gap(*by_word: np.ndarray) -> float:
    return counterfactual.swing(np.stack(by_word, 1)).gap


def _flips(scores: np.ndarray, threshold: float) -> np.ndarray:
    """Of each template, whether its words fall on both sides."""
    sides = scores >= threshold
    return np.asarray(sides.any(axis=1) & ~sides.all(axis=1))


def _rows(session: Session, recipe: Recipe, axis: str, chosen: dict[str, Any]) -> list[Measured]:
    """Rows of the data set in which a word of the axis occurs, as they are and swapped."""
    table = suites.test(session)
    texts = [str(text) for text in table.rows["text"]]
    places = [place for place, text in enumerate(texts) if counterfactual.swapped(text, axis) != text]
    part = {"axis": axis, "texts": "rows"}
    if len(places) < suites.FEWEST:
        return [Measured("flip_rate", None, len(places), slice=part, note=f"too few rows ({len(places)})")]
    places = places[: chosen["rows"]]
    before = _predicted(session, recipe, [texts[place] for place in places])
    after = _predicted(session, recipe, [counterfactual.swapped(texts[place], axis) for place in places])
    flips = [not suites.is_equal(*pair) for pair in zip(before.outputs, after.outputs, strict=True)]
    moved = np.abs(_watched(after, chosen["positive"]) - _watched(before, chosen["positive"]))
    mean = intervals.measured("mean_swing", np.mean, moved, seed=session.seed, slice=part, higher_is_better=False)
    return [intervals.share("flip_rate", flips, slice=part, higher_is_better=False), mean]


def _predicted(session: Session, recipe: Recipe, texts: list[str]) -> Predictions:
    """Of texts that have no label: any label that the data has will do, for it is not read."""
    import pandas as pd

    table = suites.test(session)
    some = robustness.sample(table, 1, session.seed).rows.iloc[[0] * len(texts)].reset_index(drop=True)
    rows = some.assign(text=texts, **{name: None for name in ("text_pair",) if name in some})
    made: Table = replace(table, rows=rows, others=pd.DataFrame(index=rows.index))
    return recipe.predict(session, models.base(session), made)


def _scores(session: Session, recipe: Recipe, texts: list[str], positive: str) -> np.ndarray:
    return _watched(_predicted(session, recipe, texts), positive)


def _watched(found: Predictions, positive: str) -> np.ndarray:
    """Probability of the watched class; the number itself where the model gives one."""
    if found.scores is None:
        return np.asarray(found.outputs, float)
    if positive and positive not in found.labels:
        raise Trouble(Code.LABEL_UNKNOWN, f"The model has no class {positive}.", f"It has: {', '.join(found.labels)}.",
                      "config.positive")  # fmt: skip
    return np.asarray(found.scores, float)[:, found.labels.index(positive) if positive else -1]


def _finding(each: Measured, session: Session) -> Finding | None:
    if each.metric != "flip_rate" or each.value is None or each.value < LARGE or not each.low:
        return None
    axis, where = each.slice["axis"], each.slice["texts"]
    words = counterfactual.TERMS[axis]
    return suites.finding(
        f"{axis}: the answer flips in {each.value:.0%} of {where} when only the group changes",
        groups=[{"axis": axis, "value": words[0], "vs": ", ".join(words[1:])}],
        evidence=[suites.evidence(each, session, OFFER)],
        measured=[each],
        harm="representational",
        task="text classification",
    )


SUITE = Suite(OFFER, run, uses_predictions=False)
