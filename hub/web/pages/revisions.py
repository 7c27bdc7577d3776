"""The picker of a branch or tag beside a list of files: plain links, so that it works without a script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.catalog import selectors as catalog
from hub.web.pages import links, repo

MOST = 100


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Picker:
    """`label` is what is shown now: a branch, a tag, or the beginning of a commit's id."""

    label: str
    is_commit: bool
    branches: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    all_url: str


def picker(place: repo.Place, address: Callable[[str], str]) -> Picker:
    """`address` gives the page's own address at another revision."""
    refs = catalog.list_refs(place.repo)
    now = place.name.removeprefix("refs/heads/").removeprefix("refs/tags/")
    is_commit = now not in {ref.name for ref in (*refs.branches, *refs.tags)}
    return Picker(
        label=place.revision.commit[:8] if is_commit else now,
        is_commit=is_commit,
        branches=_choices(refs.branches, now, address),
        tags=_choices(refs.tags, now, address),
        all_url=links.commits_url(*place.at),
    )


def _choices(refs: Any, now: str, address: Callable[[str], str]) -> tuple[Choice, ...]:
    return tuple(Choice(ref.name, address(ref.name), ref.name == now) for ref in refs[:MOST])
