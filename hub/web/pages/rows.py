"""One line of a list of repositories: what it is, and only the facts that help to choose."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.catalog import selectors as catalog
from hub.governance.selectors.policies import advised_in_short
from hub.web.pages import facts, links, words
from hub.web.pages.links import Link

# States that a list need not name: what was approved, and what nobody looked at yet.
_QUIET = frozenset({"approved", "unreviewed"})
_HOLDS = frozenset({"conditional"})
_HALTED = frozenset({"rejected", "suspended", "revoked", "quarantined"})
_SAME = 40  # characters: a snippet that holds so much of the summary says it all
Snippet = tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Row:
    """`snippet` is what the search found in the card, piece by piece, each with whether it is a match."""

    owner: str
    name: str
    full_name: str
    url: str
    summary: str
    is_private: bool
    is_gated: bool
    task: str
    parameters: str
    licence: str
    base: Link | None
    result: str
    updated_at: dt.datetime
    downloads: int
    review: str = ""
    review_tone: str = ""
    snippet: Snippet = ()


def rows_of(
    repos: Iterable[Any], here: dict[tuple[str, str], str], snippets: Mapping[int, Snippet] | None = None
) -> tuple[Row, ...]:
    """`repos` come with owner and card; `here` is what of their bases this hub has (see `facts.lineage`); `snippets`
    are by the repository's key."""
    return tuple(_row(repo, here, (snippets or {}).get(repo.pk, ())) for repo in repos)


def review_words(state: str) -> tuple[str, str]:
    """A review's state and its tone, where a list should say it; else nothing."""
    if state in _QUIET:
        return "", ""
    tone = "bad" if state in _HALTED else "ok" if state in _HOLDS else "warn"
    return catalog.review_labels().get(state, state).lower(), tone


def standing_words(repo: Any) -> tuple[str, str]:
    """What a list says of it before its review: that it is recalled, or not to be used."""
    advice, is_stop = advised_in_short(repo.pk)
    return (advice.lower(), "bad" if is_stop else "warn") if advice else review_words(repo.review_state)


def bases_of(repos: Iterable[Any]) -> list[tuple[str, str]]:
    """(kind, name) of the base models that these repositories name."""
    return [("model", name) for repo in repos for name in facts.text_list(metadata_of(repo).get("base_model"))[:1]]


def metadata_of(repo: Any) -> dict[str, Any]:
    card = getattr(repo, "card", None)
    return card.metadata if card and isinstance(card.metadata, dict) else {}


def task_words(task: str) -> str:
    """`image-classification` as people say it."""
    return task.replace("-", " ")


def _purpose(summary: str, snippet: Snippet) -> str:
    """The line of purpose, unless what the search found says it already."""
    found = "".join(text for text, _ in snippet)
    return "" if found and summary[:_SAME] in found else summary


def _row(repo: Any, here: dict[tuple[str, str], str], snippet: Snippet) -> Row:
    card = getattr(repo, "card", None)
    metadata = metadata_of(repo)
    parameters = sum((card.parameters or {}).values()) if card else 0
    tasks = [card.pipeline_tag] if card and card.pipeline_tag else facts.text_list(metadata.get("task_categories"))[:1]
    result = next(iter(facts.results(metadata)), None)
    review, tone = standing_words(repo)
    return Row(
        owner=repo.owner.name,
        name=repo.name,
        full_name=repo.full_name,
        url=links.repo_url(repo.kind, repo.full_name),
        summary=_purpose(card.summary if card else "", snippet),
        is_private=repo.is_private,
        is_gated=bool(repo.gate),
        task=task_words(tasks[0]) if tasks else "",
        parameters=f"{words.short(parameters)} parameters" if parameters else "",
        licence=facts.licence_name(metadata),
        base=facts.base_link(metadata, here),
        result=f"{result[1]} {result[2]} on {result[0]}" if result else "",
        updated_at=repo.updated_at,
        downloads=repo.downloads,
        review=review,
        review_tone=tone,
        snippet=snippet,
    )
