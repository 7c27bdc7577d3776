"""Filters by range: numbers as people write them, with their units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.web.pages import words

_MAX_SHOWN = 40
_LABELS = {"parameters": "Parameters", "size": "Download size"}
_EXAMPLES = {"parameters": ("100M", "7B"), "size": ("10MB", "2GB")}


@dataclass(frozen=True)
class Bound:
    name: str
    label: str
    value: str
    example: str


@dataclass(frozen=True)
class Range:
    """What was typed stands there again, right or wrong."""

    name: str
    label: str
    bounds: tuple[Bound, Bound]

    @property
    def is_set(self) -> bool:
        return any(bound.value for bound in self.bounds)


def ranges_of(kind: str, given: Mapping[str, Sequence[str]]) -> tuple[Range, ...]:
    """A data set has a size alone."""
    return tuple(_range(name, given) for name in _LABELS if kind == "model" or name == "size")


def range_label(name: str, bounds: tuple[int | None, int | None]) -> str:
    """`Parameters: 100 M to 7 B`."""
    say = words.size if name == "size" else words.short
    least, most = bounds
    if least is not None and most is not None:
        return f"{_LABELS[name]}: {say(least)} to {say(most)}"
    return (
        f"{_LABELS[name]}: at least {say(least)}" if least is not None else f"{_LABELS[name]}: at most {say(most or 0)}"
    )


def _range(name: str, given: Mapping[str, Sequence[str]]) -> Range:
    label, (small, large) = _LABELS[name], _EXAMPLES[name]
    return Range(
        name, label, (_bound(name, "min", "at least", small, given), _bound(name, "max", "at most", large, given))
    )


def _bound(name: str, end: str, label: str, example: str, given: Mapping[str, Sequence[str]]) -> Bound:
    value = next(iter(given.get(f"{name}_{end}", ())), "").strip()[:_MAX_SHOWN]
    return Bound(f"{name}_{end}", label, value, example)
