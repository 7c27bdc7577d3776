"""The glossary for people; docs/glossary.md is the one for words in code."""

from dataclasses import dataclass
from functools import cache

from hub.web.pages.glossary_entries import FILES, MEASURING, MODELS, RULES, TRAINING, Entry
from hub.web.pages.glossary_jobs import JOBS
from hub.web.pages.links import Link


@dataclass(frozen=True)
class Shown:
    """An entry with its related words as links."""

    entry: Entry
    related: tuple[Link, ...]


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Shown, ...]


@dataclass(frozen=True)
class GlossaryPage:
    groups: tuple[Group, ...]
    words: tuple[Link, ...]
    title: str = "Glossary"
    description: str = "The words of pre-trained models, in plain language."


_GROUPS = (
    ("Models", MODELS),
    ("Training", TRAINING),
    ("Measuring", MEASURING),
    ("Jobs", JOBS),
    ("Rules and evidence", RULES),
    ("Files and versions", FILES),
)


def build() -> GlossaryPage:
    groups = tuple(Group(title, tuple(_shown(entry) for entry in entries)) for title, entries in _GROUPS)
    words = tuple(Link(entry.name, f"#{entry.anchor}") for _, entry in sorted(_all().items()))
    return GlossaryPage(groups, words)


def find(name: str) -> Entry:
    """The entry of that name, in any case; `KeyError` when there is none: a page asked for a word that nobody wrote."""
    return _all()[name.lower()]


@cache
def _all() -> dict[str, Entry]:
    return {entry.name.lower(): entry for _, entries in _GROUPS for entry in entries}


def _shown(entry: Entry) -> Shown:
    return Shown(entry, tuple(Link(name, f"#{find(name).anchor}") for name in entry.related))
