"""Robustness of text models: typing errors, case, spaces and punctuation, in steps."""

from typing import Any

import numpy as np

from workers.contract import Offer
from workers.formulas import typing_slips
from workers.lib import robustness
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict

OFFER = Offer(
    kind="suite",
    name="robust-text",
    version="1.0",
    title="Robustness to careless typing",
    summary="Accuracy with typing errors, other case, odd spaces and no punctuation, in steps.",
    tasks=("text-classification",),
    options=robustness.OPTIONS,
    metric="mean_corruption_error",
    higher_is_better=False,
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    return robustness.verdict(session, recipe, OFFER, "text", typing_slips.TEXTS, _worse)


def _worse(texts: list[Any], name: str, step: int, chance: np.random.Generator) -> list[Any]:
    return [typing_slips.TEXTS[name](str(text), step, chance) for text in texts]


SUITE = Suite(OFFER, run, uses_predictions=False)
