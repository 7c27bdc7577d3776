"""Robustness of image models: eight ways to make a picture worse, in steps (after ImageNet-C, own formulas)."""

from typing import Any

import numpy as np

from workers.contract import Offer
from workers.formulas import corruptions
from workers.lib import data, robustness
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict

OFFER = Offer(
    kind="suite",
    name="robust-image",
    version="1.0",
    title="Robustness to worse pictures",
    summary="Accuracy under noise, blur, contrast, brightness, coarse pixels and JPEG, in steps.",
    tasks=("image-classification", "zero-shot-image-classification"),
    options=robustness.OPTIONS,
    metric="mean_corruption_error",
    higher_is_better=False,
    memory="convolution",
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    return robustness.verdict(session, recipe, OFFER, "image", corruptions.PICTURES, _worse)


def _worse(images: list[Any], name: str, step: int, chance: np.random.Generator) -> list[Any]:
    import pandas as pd

    top = data.top_of(pd.Series(images))
    return [corruptions.worse_picture(image, name, step, chance, top) for image in images]


SUITE = Suite(OFFER, run, uses_predictions=False)
