"""Numbers and times as people say them."""

import datetime as dt
import textwrap

from hub.core import clock

_BYTE_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")
_COUNT_UNITS = ("", " k", " M", " B", " T")
# Letters beside a bar: on a phone there is no room for more.
_BESIDE = 24
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


def in_lines(name: str) -> list[str]:
    """For beside a bar: an owner above what is theirs, where one line is too long for both."""
    if len(name) <= _BESIDE:
        return [name]
    owner, slash, rest = name.partition("/")
    parts = [owner + slash, rest] if slash else textwrap.wrap(name, _BESIDE, max_lines=2, placeholder="…")
    return [part if len(part) <= _BESIDE else f"{part[: _BESIDE - 1]}…" for part in parts]


def _scaled(count: int, units: list[str]) -> str:
    value, at = float(count), 0
    while value >= 999.5 and at < len(units) - 1:
        value, at = value / 1000, at + 1
    digits = 0 if at == 0 or value >= 99.95 else 1
    text = f"{value:.{digits}f}"
    return (text[:-2] if text.endswith(".0") else text) + units[at]
