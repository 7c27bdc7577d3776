"""The answers that a question offers: which is right, and which says that it isn't known."""

import re
from typing import Any

import numpy as np

from workers.contract import Code
from workers.lib.session import Trouble

# How BBQ says that it isn't known.
_UNKNOWN = re.compile(
    r"unknown|undetermined|unanswerable|not (known|answerable|enough info\w*|sure)|can('t|not| not) (be )?"
    r"(answer|answered|determine|determined|tell)",
    re.IGNORECASE,
)
_LETTER = re.compile(r"^[A-Z][.)]\s+")


def listed(value: Any) -> list[str]:
    """Answers as a list or columns have them (what is no text there is no answer), or as lines after a letter."""
    if isinstance(value, str):
        return [_LETTER.sub("", line.strip()) for line in value.splitlines() if line.strip()]
    return [each.strip() for each in value if isinstance(each, str)]


def place_of(value: Any, answers: list[str]) -> int:
    """The place of the right answer. Raises `Trouble` for one that is none of them."""
    told = value[0] if isinstance(value, list | tuple | np.ndarray) and len(value) == 1 else value
    text = str(told).strip()
    if text.isdigit() and int(text) < len(answers):
        return int(text)
    if text not in answers:
        raise Trouble(Code.DATASET_BAD_VALUE, f"{text} is none of the answers {', '.join(answers)}.",
                      "Name the right answer by its place or its text.", "columns.answer")  # fmt: skip
    return answers.index(text)


def unknown_of(answers: list[str]) -> int:
    """The place of the answer that says that it isn't known. Raises `Trouble` where that is none, or not the one."""
    found = [place for place, answer in enumerate(answers) if _UNKNOWN.search(answer)]
    if len(found) != 1:
        raise Trouble(Code.DATASET_BAD_VALUE, f"Which of {', '.join(answers)} says that it isn't known?",
                      "Map a column with its place.", "columns.unknown")  # fmt: skip
    return found[0]
