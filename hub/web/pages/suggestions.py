"""Names that begin like what is being typed."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.core.errors import HubError
from hub.web.pages import links
from hub.web.pages.rows import Snippet

SHOWN = 8
_MAX_TEXT = 100
_KINDS = {"model": "model", "dataset": "data set"}


@dataclass(frozen=True)
class Suggested:
    """One line; `pieces` are its name, each with whether it is what was typed."""

    pieces: Snippet
    kind: str
    url: str


@dataclass(frozen=True)
class SuggestionsPage:
    lines: tuple[Suggested, ...]
    query: str
    all_url: str


def build(viewer: Viewer, text: str) -> SuggestionsPage:
    query = " ".join(text.split())[:_MAX_TEXT]
    lines = tuple(_line(each) for each in _find(viewer, query))
    return SuggestionsPage(lines, query, links.list_url("model", {"q": query}))


def _find(viewer: Viewer, query: str) -> tuple[catalog.Suggestion, ...]:
    try:
        return catalog.suggest(viewer, query, limit=SHOWN) if query else ()
    except HubError:
        # Suggestions are a comfort: the search itself says what is wrong.
        return ()


def _line(found: catalog.Suggestion) -> Suggested:
    return Suggested(found.pieces, _KINDS[found.kind], links.repo_url(found.kind, found.full_name))
