"""Lists of repositories under a search and filters."""

import base64
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, RepoQuerySet, RepoTag, key_of
from hub.core.errors import InvalidInput
from hub.core.text import storable

# Descending, always. Nothing counts likes and trends yet: there the newest come first, and the most pulled.
_SORTS = {
    "lastModified": "updated_at",
    "createdAt": "created_at",
    "downloads": "downloads",
    "likes": "created_at",
    "trendingScore": "downloads",
}
MAX_LIMIT = 1000
MAX_TERMS = 20
_MAX_CURSOR = 200


@dataclass(frozen=True)
class RepoPage:
    """`items` have owner, card and tags at hand; `total` counts all that was found, on all pages."""

    items: tuple[Repo, ...]
    next: str | None
    total: int


def search_repos(
    viewer: Viewer,
    *,
    kind: str,
    search: Iterable[str] = (),
    author: str | None = None,
    filters: Iterable[str] = (),
    sort: str | None = None,
    gated: bool | None = None,
    pipeline_tag: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> RepoPage:
    """What of this kind the viewer may see: every word of `search` in the name or the summary, every one of `filters`
    among the tags, in any case. `cursor` is the `next` of the page before, with the same arguments otherwise.

    Raises `InvalidInput` for an unknown sort, a cursor that isn't ours, or too many words.
    """
    if (column := _SORTS.get(sort or "lastModified")) is None:
        raise InvalidInput(f"{sort!r} is not a sort order. Use one of {', '.join(_SORTS)}.")
    found = Repo.objects.visible_to(viewer).filter(kind=kind)
    found = _narrow(found, _words(search), list(filters))
    if author:
        found = found.filter(key__startswith=key_of(author, ""))
    if gated is not None:
        found = found.exclude(gate=Repo.Gate.NONE) if gated else found.filter(gate=Repo.Gate.NONE)
    if pipeline_tag:
        found = found.filter(card__pipeline_tag__iexact=storable(pipeline_tag))
    limit = max(1, min(limit, MAX_LIMIT))
    page = found.filter(_after(column, cursor)).order_by(f"-{column}", "-pk")
    rows = list(page.select_related("owner", "card").prefetch_related("tags")[: limit + 1])
    more = _cursor(rows[limit - 1], column) if len(rows) > limit else None
    return RepoPage(tuple(rows[:limit]), more, found.count())


def _words(search: Iterable[str]) -> list[str]:
    return [word for text in search for word in storable(text).split()]


def _narrow(found: RepoQuerySet, words: list[str], filters: list[str]) -> RepoQuerySet:
    if len(words) + len(filters) > MAX_TERMS:
        raise InvalidInput(f"Search for at most {MAX_TERMS} words and filters at a time.")
    for word in words:
        folded = word.casefold()
        found = found.filter(Q(key__contains=folded) | Q(card__search_text__contains=folded))
    for value in filters:
        found = found.filter(
            Exists(RepoTag.objects.filter(repo=OuterRef("pk"), key=storable(value).strip().casefold()))
        )
    return found


def _cursor(last: Repo, column: str) -> str:
    value: Any = getattr(last, column)
    text = json.dumps([value.isoformat() if isinstance(value, dt.datetime) else value, last.pk])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(column: str, cursor: str | None) -> Q:
    if not cursor:
        return Q()
    try:
        if len(cursor) > _MAX_CURSOR:
            raise ValueError
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = _count(value) if column == "downloads" else _moment(value)
        pk = _count(pk)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidInput("That page can't be found any more. Start from the first one.") from error
    return Q(**{f"{column}__lt": value}) | Q(**{column: value, "pk__lt": pk})


def _count(value: Any) -> int:
    """A number that a database can compare with."""
    if not 0 <= (count := int(value)) < 1 << 63:
        raise ValueError
    return count


def _moment(text: Any) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(dt.UTC)
