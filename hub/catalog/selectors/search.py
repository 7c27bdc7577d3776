"""A page of repositories under a query of `hub.catalog.query`, with counts for its facets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog.models import CardText, Repo
from hub.catalog.query import FACETS, SearchQuery
from hub.catalog.search.asked import Asked
from hub.catalog.search.snippets import Pieces, snippet


@dataclass(frozen=True)
class Hit:
    """`repo` has owner, card and tags at hand. `snippet` is (text, is it a match), empty where the card's prose has
    none of the words."""

    repo: Repo
    snippet: Pieces = ()


@dataclass(frozen=True)
class FacetValue:
    """A value, and how many repositories have it under all filters but this facet's own."""

    value: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class SearchResults:
    """`total` counts all that was found, `next` is the `after` of the next page. Of each facet the most frequent values
    come, most first, and those that are chosen."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    next: str | None


def search(viewer: Viewer, query: SearchQuery, *, facets: Iterable[str] = FACETS, tags: bool = True) -> SearchResults:
    """What the viewer may see of what is asked for. Nothing else is in the counts.

    Words of the text must all match: names, tags, summary, owner or prose. Values come in lower case (owners as they
    spell themselves) and are chosen in any case; `bias` and `gated` say `none` where there is nothing.
    `tags`: whether the hits' repositories have them at hand.
    Raises `IndexNotReady`, and `InvalidInput` for an `after` that isn't ours.
    """
    asked = Asked.of(viewer, query)
    counting, page = asked.start_counting(tuple(facets)), asked.page()
    if not page.total and asked.typed.words and (forgiving := asked.forgiving()):
        asked = forgiving
        counting, page = asked.start_counting(tuple(facets)), asked.page()
    return SearchResults(
        hits=_hits(viewer, page.keys, asked.typed.words, tags=tags),
        total=page.total,
        facets={name: _values(found, query.chosen.get(name, ())) for name, found in asked.counted(counting).items()},
        next=page.next,
    )


def _values(counts: Mapping[str, int], chosen: tuple[str, ...]) -> tuple[FacetValue, ...]:
    folded = {value.casefold() for value in chosen}
    return tuple(FacetValue(value, count, value.casefold() in folded) for value, count in counts.items())


def _hits(viewer: Viewer, keys: tuple[int, ...], words: tuple[str, ...], *, tags: bool) -> tuple[Hit, ...]:
    """From the database, which has the last word on who may see them."""
    rows = Repo.objects.visible_to(viewer).filter(pk__in=keys).select_related("owner", "card")
    rows = rows.prefetch_related("tags") if tags else rows
    found = {repo.pk: repo for repo in rows}
    texts = dict(CardText.objects.filter(repo__in=found).values_list("repo", "text")) if words and found else {}
    return tuple(Hit(found[key], snippet(texts.get(key, ""), words)) for key in keys if key in found)
