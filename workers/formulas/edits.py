"""How many changes lie between what was said and what was heard."""

from typing import Any

import numpy as np


def errors(texts: list[Any], told: list[Any]) -> tuple[np.ndarray, np.ndarray]:
    """Of each row: fewest changes from what is told to the text, and the text's length; in words, or in the items of
    lists."""
    pairs = [(_items(one), _items(other)) for one, other in zip(texts, told, strict=True)]
    return np.asarray([changes(*pair) for pair in pairs]), np.asarray([len(one) for one, _ in pairs])


def _items(text: Any) -> list[str]:
    return text.split() if isinstance(text, str) else text


def changes(one: list[str], other: list[str]) -> int:
    """Levenshtein's distance."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (left != right)))
        before = now
    return before[-1]
