"""The rows of a comparison: one fact of each model, in the order in which one decides."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.catalog import selectors as catalog
from hub.catalog import vocabularies
from hub.web.pages import facets, facts, links, words
from hub.web.pages.links import Link
from hub.web.pages.rows import metadata_of

Here = dict[tuple[str, str], str]
_MADE_FROM = frozenset({"finetune", "adapter", "merge", "quantized", "base"})


@dataclass(frozen=True)
class Cell:
    """What one model says: words, links, or a time; nothing means that it isn't stated."""

    text: str = ""
    links: tuple[Link, ...] = ()
    moment: dt.datetime | None = None

    @property
    def is_stated(self) -> bool:
        return bool(self.text or self.links or self.moment)


@dataclass(frozen=True)
class FactRow:
    label: str
    term: str
    cells: tuple[Cell, ...]
    differs: bool


def fact_rows(repos: Sequence[Any], here: Here, memory: Mapping[int, str]) -> tuple[FactRow, ...]:
    """`repos` with owner, card, tags and ancestors; `here` names those ancestors that the viewer may see; `memory` says
    by a repository's key what running it takes."""
    say: tuple[tuple[str, str, Callable[[Any], Cell]], ...] = (
        ("Review", "review", lambda repo: Cell(catalog.review_labels().get(repo.review_state, repo.review_state))),
        ("Licence", "licence", lambda repo: Cell(facts.licence_name(metadata_of(repo)))),
        ("Licence class", "licence class", lambda repo: Cell(_licence_class(repo))),
        ("Worst open bias finding", "bias", lambda repo: Cell(catalog.severity_labels()[repo.bias_severity])),
        ("Access to files", "gated", lambda repo: Cell(facets.label_of("gated", repo.gate))),
        ("Task", "task", lambda repo: Cell(_task(repo))),
        ("Library", "library", lambda repo: Cell(_of_card(repo, "library_name"))),
        ("Parameters", "parameters", lambda repo: Cell(_parameters(repo))),
        ("Stored as", "dtype", lambda repo: Cell(_dtypes(repo))),
        ("Download", "", lambda repo: Cell(_size(repo))),
        ("Memory to run it", "", lambda repo: Cell(memory[repo.pk])),
        ("Made from", "base model", lambda repo: _ancestors(repo, here, _MADE_FROM)),
        ("Trained on", "training data", lambda repo: _ancestors(repo, here, frozenset({"trained-on"}))),
        ("Languages", "", lambda repo: Cell(_languages(repo))),
        ("Pulls", "pull", lambda repo: Cell(f"{repo.downloads:,}")),
        ("Likes", "", lambda repo: Cell(f"{repo.likes:,}")),
        ("Updated", "", lambda repo: Cell(moment=repo.updated_at)),
    )
    return tuple(_row(label, term, tuple(cell(repo) for repo in repos)) for label, term, cell in say)


def _row(label: str, term: str, cells: tuple[Cell, ...]) -> FactRow:
    return FactRow(label, term, cells, differs=len(set(cells)) > 1)


def _of_card(repo: Any, field: str) -> str:
    card = getattr(repo, "card", None)
    return str(getattr(card, field)) if card else ""


def _licence_class(repo: Any) -> str:
    return facets.label_of("licence_class", vocabularies.licence_class(_of_card(repo, "license")))


def _task(repo: Any) -> str:
    task = _of_card(repo, "pipeline_tag")
    return facets.label_of("task", task) if task else ""


def _parameters(repo: Any) -> str:
    card = getattr(repo, "card", None)
    count = (card.parameter_count or sum((card.parameters or {}).values())) if card else 0
    return words.short(count) if count else ""


def _dtypes(repo: Any) -> str:
    card = getattr(repo, "card", None)
    shares = sorted(((card.parameters if card else None) or {}).items(), key=lambda item: -item[1])
    return ", ".join(dtype for dtype, _ in shares)


def _size(repo: Any) -> str:
    card = getattr(repo, "card", None)
    return words.size(card.size) if card and card.size else ""


def _languages(repo: Any) -> str:
    named = facts.text_list(metadata_of(repo).get("language"))
    return ", ".join(facets.label_of("language", each.lower()) for each in named)


def _ancestors(repo: Any, here: Here, relations: frozenset[str]) -> Cell:
    found = sorted((each for each in repo.ancestors.all() if each.relation in relations), key=lambda each: each.pk)
    return Cell(links=tuple(_ancestor(each.kind, each.name, here.get((each.kind, each.key))) for each in found))


def _ancestor(kind: str, name: str, known: str | None) -> Link:
    return Link(known or name, links.repo_url(kind, known) if known else "")
