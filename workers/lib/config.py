"""A config as given, against the options of a recipe or a suite."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from workers.contract import Code, Option
from workers.lib.session import Trouble


def settle(options: Sequence[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every option with its value, defaults where none was given. Raises `Trouble` on what doesn't fit."""
    known = {option.name: option for option in options}
    if unknown := sorted(set(given) - set(known)):
        raise _bad(unknown[0], f"There is no option “{unknown[0]}”; there are: {', '.join(known)}.")
    return {name: checked(option, given.get(name, option.default)) for name, option in known.items()}


def checked(option: Option, value: Any) -> Any:
    """`value` in the type of the option. Numbers may come as text; a whole number does for a float."""
    made: Any = _READERS[option.type](option, value)
    low, high = option.minimum, option.maximum
    if (low is not None and made < low) or (high is not None and made > high):
        raise _bad(option.name, f"{option.title} must be from {low:g} to {high:g}, not {made:g}.")
    return made


def _bad(name: str, message: str) -> Trouble:
    return Trouble(Code.BAD_SPEC, message, "Change it in the order.", f"config.{name}")


def _whole(option: Option, value: Any) -> int:
    number = _number(option, value)
    if not number.is_integer():
        raise _bad(option.name, f"{option.title} must be a whole number, not {value}.")
    return int(number)


def _number(option: Option, value: Any) -> float:
    try:
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if math.isnan(number):
        raise _bad(option.name, f"{option.title} must be a number, not {value!r}.")
    return number


def _truth(option: Option, value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False, "on": True, "off": False}
    found = known.get(str(value).lower())
    if found is None:
        raise _bad(option.name, f"{option.title} must be true or false, not {value!r}.")
    return found


def _text(option: Option, value: Any) -> str:
    if not isinstance(value, str):
        raise _bad(option.name, f"{option.title} must be text, not {value!r}.")
    return value


def _choice(option: Option, value: Any) -> str:
    if value not in option.choices:
        raise _bad(option.name, f"{option.title} must be one of {', '.join(option.choices)}, not {value!r}.")
    return str(value)


_READERS = {"int": _whole, "float": _number, "bool": _truth, "text": _text, "choice": _choice}
