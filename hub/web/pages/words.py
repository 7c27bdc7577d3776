"""Numbers and times as people say them."""

import datetime as dt

from hub.core import clock

_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_COUNT_UNITS = ("", " k", " M", " B", " T")
_SPANS = (("year", 31_557_600), ("month", 2_629_800), ("day", 86_400), ("hour", 3_600), ("minute", 60))


def size(count: int) -> str:
    """`17 GB`, in powers of 1000, with three digits."""
    return _scaled(count, [" " + unit for unit in _BYTE_UNITS])


def short(count: int) -> str:
    """`22.7 M`."""
    return _scaled(count, list(_COUNT_UNITS))


def plural(count: int, one: str, many: str = "") -> str:
    """`1 model`, `1,204 models`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def ago(moment: dt.datetime) -> str:
    """`3 days ago`; `in 3 days` for what is to come; `just now` within a minute."""
    seconds = (clock.now() - moment).total_seconds()
    for unit, span in _SPANS:
        if abs(seconds) >= span:
            amount = plural(int(abs(seconds) // span), unit)
            return f"{amount} ago" if seconds > 0 else f"in {amount}"
    return "just now"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _scaled(count: int, units: list[str]) -> str:
    value, at = float(count), 0
    while value >= 999.5 and at < len(units) - 1:
        value, at = value / 1000, at + 1
    digits = 0 if at == 0 or value >= 99.95 else 1
    text = f"{value:.{digits}f}"
    return (text[:-2] if text.endswith(".0") else text) + units[at]
