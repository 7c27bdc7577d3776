"""Texts made worse, in five steps: typing errors, case, spaces, punctuation."""

import re
from collections.abc import Callable

import numpy as np

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def typos(text: str, severity: int, chance: np.random.Generator) -> str:
    """Letters swapped, left out, doubled or missed by a key: about 2 % of them a step."""
    found = list(text)
    for place in np.flatnonzero(chance.random(len(found)) < 0.02 * severity):
        if found[place].isalpha():
            found[place] = _slip(found, int(place), int(chance.integers(4)))
    return "".join(found)


def _slip(letters: list[str], place: int, kind: int) -> str:
    letter = letters[place]
    if kind == 0 and place + 1 < len(letters):
        letters[place + 1], letter = letter, letters[place + 1]
        return letter
    return ("", "", letter * 2, _neighbour(letter))[kind]


def _neighbour(letter: str) -> str:
    row = next((keys for keys in _KEYS if letter.lower() in keys), letter.lower())
    found = row[(row.index(letter.lower()) + 1) % len(row)]
    return found.upper() if letter.isupper() else found


def case(text: str, severity: int, chance: np.random.Generator) -> str:
    """Words shouted or whispered: a fifth of them a step, all at 5."""
    words = re.split(r"(\s+)", text)
    return "".join(word.swapcase() if chance.random() < severity / 5 else word for word in words)


def spaces(text: str, severity: int, chance: np.random.Generator) -> str:
    """Spaces doubled or left out, 4 % of them each way a step."""
    drawn = iter(chance.random(text.count(" ")))
    return re.sub(" ", lambda _: _space(next(drawn), 0.04 * severity), text)


def _space(drawn: float, share: float) -> str:
    return "" if drawn < share else "  " if drawn > 1 - share else " "


def marks(text: str, severity: int, chance: np.random.Generator) -> str:
    """Punctuation left out, a fifth of it a step."""
    return "".join(each for each in text if each.isalnum() or each.isspace() or chance.random() >= severity / 5)


TEXTS: dict[str, Callable[[str, int, np.random.Generator], str]] = {
    "typos": typos,
    "case": case,
    "spaces": spaces,
    "marks": marks,
}
