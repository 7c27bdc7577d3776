"""The filters beside a list: values with their counts, in words."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hub.catalog import selectors as catalog
from hub.catalog import vocabularies
from hub.catalog.search.counting import SHOWN as MOST_VALUES

SHOWN = 8
LABELS = {
    "task": "Task",
    "library": "Library",
    "licence": "Licence",
    "licence_class": "Licence class",
    "modality": "Modality",
    "language": "Language",
    "format": "File format",
    "dataset": "Trained on",
    "base_model": "Made from",
    "review": "Review",
    "bias": "Worst open bias finding",
    "gated": "Access to files",
    "owner": "Owner",
}
# What explains a facet, by its name in the glossary.
_TERMS = {
    "task": "task",
    "library": "library",
    "licence_class": "licence class",
    "modality": "modality",
    "format": "safetensors",
    "dataset": "training data",
    "base_model": "fine-tuning",
    "review": "review",
    "bias": "bias",
    "gated": "gated",
}
_OPEN = frozenset({"task", "library", "licence_class"})
_OF_MODELS = frozenset({"library", "dataset", "base_model"})
_ACCESS = {
    "": "Open to all",
    "none": "Open to all",
    "auto": "Gated, given on request",
    "manual": "Gated, given by hand",
}


@dataclass(frozen=True)
class Choice:
    """A value of a facet. `count` is None where nobody counted."""

    id: str
    value: str
    label: str
    count: int | None
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """The first values, and the rest that stands behind "Show all"; `term` leads to the glossary."""

    name: str
    label: str
    term: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]
    is_open: bool

    @property
    def more_words(self) -> str:
        """What stands on the fold: whether it holds all, or the most frequent of more than anybody could read."""
        total = len(self.shown) + len(self.more)
        return f"Show the {MOST_VALUES} most frequent" if total >= MOST_VALUES else f"Show all {total}"


def names_for(kind: str) -> tuple[str, ...]:
    """The facets of a list of this kind, in the order of the page."""
    return tuple(name for name in LABELS if kind == "model" or name not in _OF_MODELS)


def build(
    found: Mapping[str, Iterable[Any]], chosen: Mapping[str, tuple[str, ...]], names: Iterable[str]
) -> tuple[Facet, ...]:
    """Those of `names` that have something to choose; what is chosen stays, even where nothing has it."""
    facets = (_facet(name, list(found.get(name, ())), chosen.get(name, ())) for name in names)
    return tuple(facet for facet in facets if facet.shown)


def _facet(name: str, found: list[Any], chosen: tuple[str, ...]) -> Facet:
    """What is chosen stands first, as people chose it in any case."""
    known = {each.value.casefold() for each in found}
    absent = [_choice(name, value, None, True) for value in chosen if value.casefold() not in known]
    listed = [_choice(name, each.value, each.count, each.is_chosen) for each in found]
    choices = tuple(sorted([*absent, *listed], key=lambda choice: not choice.is_chosen))
    # One value more than shown needs no fold.
    cut = max(SHOWN, len(chosen)) if len(choices) > SHOWN + 1 else len(choices)
    return Facet(
        name=name,
        label=LABELS[name],
        term=_TERMS.get(name, ""),
        shown=choices[:cut],
        more=choices[cut:],
        is_open=name in _OPEN or bool(chosen),
    )


def _choice(name: str, value: str, count: int | None, is_chosen: bool) -> Choice:
    # Values are strangers' text; an element's id is made of their checksum.
    identity = f"{name}-{zlib.crc32(value.encode()):08x}"
    return Choice(identity, value, label_of(name, value), count, is_chosen)


def label_of(name: str, value: str) -> str:
    """A value as people say it; one that no vocabulary knows stays as it is."""
    return _words(name).get(value) or value.replace("-", " ") if name == "task" else _words(name).get(value, value)


@cache
def _words(name: str) -> Mapping[str, str]:
    vocabulary = {
        "task": vocabularies.tasks,
        "licence": vocabularies.licences,
        "language": vocabularies.languages,
    }.get(name)
    if vocabulary:
        return {key: term.name for key, term in vocabulary().items()}
    return {
        "licence_class": {value: value.capitalize() for value in vocabularies.LICENCE_CLASSES},
        "modality": {value: value.capitalize() for value in vocabularies.MODALITIES},
        "review": catalog.review_labels(),
        "bias": {**catalog.severity_labels(), "none": "No open finding"},
        "gated": _ACCESS,
    }.get(name, {})
