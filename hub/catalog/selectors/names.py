"""Names as they are typed."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.search import engine, filters
from hub.catalog.search.names import names_like
from hub.catalog.search.snippets import Pieces, marked
from hub.catalog.search.text import Typed


@dataclass(frozen=True)
class Suggestion:
    """`pieces` are the full name as (text, is it a match)."""

    kind: str
    full_name: str
    pieces: Pieces


def suggest(viewer: Viewer, text: str, *, kind: str | None = None, limit: int = 8) -> tuple[Suggestion, ...]:
    """Names that begin with what was typed, or have words that do, or nearly do; the best first. One query.

    Raises `IndexNotReady`.
    """
    index, typed = engine.open_index(), Typed.of(text)
    if not typed.words:
        return ()
    scope = filters.scope(index.schema, viewer, kind)
    keys = names_like(index, typed, scope, limit)
    rows = Repo.objects.visible_to(viewer).filter(pk__in=keys).select_related("owner")
    found = {repo.pk: repo for repo in rows}
    return tuple(_suggestion(found[key], typed.words) for key in keys if key in found)


def _suggestion(repo: Repo, words: tuple[str, ...]) -> Suggestion:
    return Suggestion(repo.kind, repo.full_name, marked(repo.full_name, words))
