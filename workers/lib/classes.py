"""Classes of a data set and of a model: their names, in the order of their numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from workers.contract import Code
from workers.lib import data
from workers.lib.session import Trouble


def names_of(values: Iterable[Any]) -> tuple[str, ...]:
    """The classes of training rows. Raises Trouble where there are fewer than two."""
    found = data.names_of(values)
    if len(found) < 2:
        raise Trouble(
            Code.DATASET_BAD_VALUE,
            f"The training data have {len(found)} class; there must be two at least.",
            "Map another column as the label, or take a data set with more classes.",
            "columns.label",
        )
    return found


def of(config: Any) -> tuple[str, ...]:
    """Names of a transformers model's classes."""
    return tuple(str(config.id2label[number]) for number in range(len(config.id2label)))


def head(names: Sequence[str]) -> dict[str, Any]:
    """What a config is told of them."""
    return {"id2label": dict(enumerate(names)), "label2id": {name: number for number, name in enumerate(names)}}


def kept(names: tuple[str, ...], base: tuple[str, ...], from_scratch: bool) -> tuple[str, ...]:
    """The base's classes where they have all of the data's, so that its head is of use; else the data's."""
    return base if not from_scratch and set(names) <= set(base) else names


def softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    made: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
    return made
