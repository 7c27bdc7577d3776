"""Lists of models and data sets."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
from hub.catalog.query import SearchQuery
from hub.core.errors import InvalidInput
from hub.protocol.http import is_true, json_response, number_of, values_of
from hub.protocol.info import everything, expanded, fields, identity, only, safetensors
from hub.protocol.serialize import date
from hub.protocol.tree import next_link
from hub.protocol.wire import Ask, wire

PAGE = 1000
# These ask more of the database for each repository, so their pages are shorter.
_COSTLY = {"sha", "siblings", "usedStorage", "mainSize"}
COSTLY_PAGE = 100
_SORTS = {
    "lastModified": "updated",
    "createdAt": "created",
    "downloads": "downloads",
    "likes": "likes",
    "trendingScore": "trending",
}
# What can't be filtered here is refused: a list that ignores its filter would be wrong.
_NOT_OFFERED = ("apps", "inference", "inference_provider", "num_parameters")


@wire("GET")
def listing(ask: Ask) -> HttpResponse:
    """What the viewer may see, under a search and filters; the total number in `X-Total-Count`."""
    wanted, full = expanded(ask.request, ask.kind), is_true(ask.request.GET.get("full"))
    for name in _NOT_OFFERED:
        if ask.request.GET.get(name):
            raise InvalidInput(f"This hub can't filter by {name}. Leave it out, or filter what is listed.")
    most = COSTLY_PAGE if full or _COSTLY.intersection(wanted) else PAGE
    chosen = {
        "owner": tuple(filter(None, [ask.request.GET.get("author")])),
        "task": tuple(filter(None, [ask.request.GET.get("pipeline_tag")])),
        "gated": _gates(ask.request.GET.get("gated")),
    }
    query = SearchQuery(
        kind=ask.kind,
        text=" ".join(values_of(ask.request, "search")),
        chosen={name: values for name, values in chosen.items() if values},
        tags=tuple(values_of(ask.request, "filter")),
        sort=_sort(ask.request.GET.get("sort")),
        limit=max(1, number_of(ask.request, "limit", default=most, most=most)),
        after=ask.request.GET.get("cursor") or "",
    )
    page = selectors.search(ask.viewer, query, facets=())
    card = is_true(ask.request.GET.get("cardData"))
    items = [_item(hit.repo, wanted, full=full, card=card) for hit in page.hits]
    response = json_response(items, headers={"X-Total-Count": str(page.total)})
    if page.next:
        response["Link"] = next_link(ask.request, page.next)
    return response


def _sort(name: str | None) -> str:
    """The order by the wire's name; newest changes first without."""
    if (sort := _SORTS.get(name or "lastModified")) is None:
        raise InvalidInput(f"{name!r} is not a sort order. Use one of {', '.join(_SORTS)}.")
    return sort


def _gates(gated: str | None) -> tuple[str, ...]:
    if gated is None:
        return ()
    return ("auto", "manual") if is_true(gated) else ("none",)


def _item(repo: Any, wanted: list[str], *, full: bool, card: bool) -> dict[str, Any]:
    """One repository of a list. Its card and tags were read with the page."""
    if full or _COSTLY.intersection(wanted):
        found = selectors.repo_info(repo)
        if not wanted:
            return everything(found)
        return identity(repo.kind, repo.public_id, repo.full_name) | only(fields(found), wanted)
    told = _brief(repo)
    if wanted:
        return identity(repo.kind, repo.public_id, repo.full_name) | {
            name: told[name] for name in wanted if told.get(name) is not None
        }
    usual = {name: value for name, value in told.items() if name not in _ON_REQUEST and value is not None}
    return (
        identity(repo.kind, repo.public_id, repo.full_name) | usual | ({"cardData": repo.card.metadata} if card else {})
    )


_ON_REQUEST = {
    "cardData",
    "downloadsAllTime",
    "model-index",
    "safetensors",
    "spaces",
    "paperswithcode_id",
    "xetEnabled",
}


def _brief(repo: Any) -> dict[str, Any]:
    """What needs no more reading."""
    card = repo.card
    told: dict[str, Any] = {
        "author": repo.owner.name,
        "cardData": card.metadata,
        "createdAt": date(repo.created_at),
        "disabled": repo.is_disabled,
        "downloads": repo.downloads,
        "downloadsAllTime": repo.downloads,
        "gated": repo.gate or False,
        "lastModified": date(repo.updated_at),
        "likes": 0,
        "private": repo.is_private,
        "tags": [tag.value for tag in sorted(repo.tags.all(), key=lambda tag: tag.pk)],
        "trendingScore": 0,
        "xetEnabled": True,
    }
    if repo.kind == "dataset":
        return told | {
            "description": card.summary or None,
            "paperswithcode_id": card.metadata.get("paperswithcode_id"),
        }
    return told | {
        "library_name": card.library_name or None,
        "model-index": card.metadata.get("model-index"),
        "pipeline_tag": card.pipeline_tag or None,
        "safetensors": safetensors(card.parameters),
        "spaces": [],
    }
