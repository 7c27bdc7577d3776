"""Labels of jobs: names and values that scripts group their runs by."""

import re
from collections.abc import Mapping
from typing import Any

from hub.core.errors import InvalidInput

MOST = 32
# A name begins with a letter: in a JSON path, a number would be a place in a list.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,62}")
_VALUE = re.compile(r"[^\x00-\x1f\x7f]{0,200}")


def check_labels(told: Any) -> dict[str, str]:
    """The labels as they were given; raises `InvalidInput` for whatever is none."""
    if not isinstance(told, Mapping) or len(told) > MOST:
        raise InvalidInput(f"labels takes an object of up to {MOST} names and values.")
    for name, value in told.items():
        check_label(name, value)
    return dict(told)


def check_label(name: str, value: Any) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"{name[:80]!r} is no name of a label: a letter, then letters, digits, `.`, `_` and `-`.")
    if not isinstance(value, str) or not _VALUE.fullmatch(value):
        raise InvalidInput(f"The label {name} takes a line of up to 200 characters.")
