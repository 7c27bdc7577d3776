"""An order's config, held against the options of what it orders. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.jobs.faults import Fault
from workers.contract import Code, Option

_TRUE, _FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off", ""}
_WORDS = {"int": "a whole number", "float": "a number", "bool": "true or false", "text": "a text"}


class BadValue(ValueError):
    """A value that its option doesn't take; the text says why."""


def checked(
    options: Sequence[Option], given: Mapping[str, Any], *, at: str = "config"
) -> tuple[dict[str, Any], list[Fault]]:
    """Every option with its value (given, or its default), and the faults. Texts of forms are read as the option's
    type; an empty one leaves the default."""
    values: dict[str, Any] = {option.name: option.default for option in options}
    faults = [_unknown(name, options, at) for name in given if name not in values]
    for option in options:
        if option.name not in given or _is_blank(option, given[option.name]):
            continue
        try:
            values[option.name] = read(option, given[option.name])
        except BadValue as error:
            faults.append(Fault(f"{at}.{option.name}", Code.BAD_SPEC, f"{option.title}: {error}", option.help))
    return values, faults


def read(option: Option, value: Any) -> Any:
    """The value as the option's type. Raises `BadValue`."""
    if value is None and option.default is None:
        return None
    found = _READERS[option.type](value)
    if isinstance(found, int | float) and not isinstance(found, bool):
        _check_range(option, found)
    if option.choices and found not in option.choices:
        raise BadValue(f"{value!r} is none of {', '.join(option.choices)}.")
    return found


def _is_blank(option: Option, value: Any) -> bool:
    return value == "" and option.type != "text"


def _unknown(name: str, options: Sequence[Option], at: str) -> Fault:
    listed = ", ".join(option.name for option in options) or "none"
    return Fault(f"{at}.{name}", Code.BAD_SPEC, f"There is no option {name!r}.", f"The options are: {listed}.")


def _check_range(option: Option, value: float) -> None:
    if option.minimum is not None and value < option.minimum:
        raise BadValue(f"{value:g} is less than {option.minimum:g}.")
    if option.maximum is not None and value > option.maximum:
        raise BadValue(f"{value:g} is more than {option.maximum:g}.")


def _int(value: Any) -> int:
    number = _float(value, "int")
    if number != int(number):
        raise BadValue(f"{value!r} is not {_WORDS['int']}.")
    return int(number)


def _float(value: Any, kind: str = "float") -> float:
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadValue(f"{value!r} is not {_WORDS[kind]}.")
    return number


def _bool(value: Any) -> bool:
    low = str(value).strip().lower()
    if isinstance(value, bool) or low in _TRUE or low in _FALSE:
        return low in _TRUE
    raise BadValue(f"{value!r} is not {_WORDS['bool']}.")


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > 20_000:
        raise BadValue(f"it takes {_WORDS['text']} of up to 20,000 characters.")
    return value


_READERS: dict[str, Callable[[Any], Any]] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "text": _text,
    "choice": _text,
}
