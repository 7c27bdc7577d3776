"""Lists of models and data sets: the catalog's search, asked and answered as the clients know it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.catalog import selectors
from hub.catalog.query import MAX_LIMIT, SearchQuery, parse_query
from hub.core.errors import InvalidInput
from hub.protocol import extras
from hub.protocol.http import is_true, json_response, number_of, values_of
from hub.protocol.info import everything, expanded, fields, gguf, identity, only, safetensors, widgets
from hub.protocol.serialize import date
from hub.protocol.tree import next_link
from hub.protocol.wire import Ask, wire

# These ask more of the database for each repository, so their pages are shorter.
_COSTLY = frozenset({"sha", "siblings", "usedStorage"})
COSTLY_PAGE = 100
_SORTS = {
    "lastModified": "updated",
    "createdAt": "created",
    "downloads": "downloads",
    "likes": "likes",
    "trendingScore": "trending",
}
_PARAMETERS = re.compile(r"(min|max):([^,:]+)")
# What nobody here could tell is refused: a list that ignores its filter would be wrong.
_NO_APPS = "This hub doesn't know which apps run a model. Leave `apps` out; `filter=gguf` lists what llama.cpp reads."


@wire("GET")
def listing(ask: Ask) -> HttpResponse:
    """What the viewer may see, under a search and filters; the total number in `X-Total-Count`."""
    wanted, full = expanded(ask.request, ask.kind), is_true(ask.request.GET.get("full"))
    is_costly = full or bool(_COSTLY.intersection(wanted))
    if values_of(ask.request, "apps"):
        raise InvalidInput(_NO_APPS)
    query = _query(ask.request, ask.kind, most=COSTLY_PAGE if is_costly else MAX_LIMIT)
    if values_of(ask.request, "inference") or values_of(ask.request, "inference_provider"):
        return nothing()
    page = selectors.search(ask.viewer, query, facets=())
    items = _items(ask, [hit.repo for hit in page.hits], wanted, full=full)
    response = json_response(items, headers={"X-Total-Count": str(page.total)})
    if page.next:
        response["Link"] = next_link(ask.request, page.next)
    return response


@wire("GET")
def nothing_of_that_kind(ask: Ask) -> HttpResponse:
    """Clients look for spaces beside models and data sets; this hub has none."""
    return nothing()


@wire("GET")
def tags_by_type(ask: Ask) -> HttpResponse:
    """What can be filtered by, from what the viewer may see."""
    found = selectors.tags_by_type(ask.viewer, ask.kind)
    terms = {name: [{"id": t.id, "label": t.label, "type": t.type} for t in of_type] for name, of_type in found.items()}
    return json_response(terms)


def nothing() -> HttpResponse:
    """An empty list. Of models that a provider serves, too: no provider serves any of these."""
    return json_response([], headers={"X-Total-Count": "0"})


def _query(request: HttpRequest, kind: str, *, most: int) -> SearchQuery:
    """In the names of the one query language, so that limits and messages are those of the page."""
    given: dict[str, Sequence[str]] = {
        "q": values_of(request, "search"),
        "owner": values_of(request, "author"),
        "tag": values_of(request, "filter"),
        "task": values_of(request, "pipeline_tag"),
        "gated": _gated(request),
        "sort": [_sort(request.GET.get("sort"))],
        "limit": [str(number_of(request, "limit", default=most, most=most))],
        "after": values_of(request, "cursor"),
        **_parameters(request.GET.get("num_parameters")),
    }
    return parse_query(kind, given)


def _sort(name: str | None) -> str:
    if not name:
        return ""
    if name not in _SORTS:
        raise InvalidInput(f"{name[:40]!r} is not a sort order. Use one of {', '.join(_SORTS)}.")
    return _SORTS[name]


def _gated(request: HttpRequest) -> list[str]:
    gated = request.GET.get("gated")
    if gated is None:
        return []
    return ["auto", "manual"] if is_true(gated) else ["none"]


def _parameters(text: str | None) -> dict[str, list[str]]:
    """`min:6B,max:128B`, either half alone too."""
    if not text:
        return {}
    parts = [_PARAMETERS.fullmatch(part.strip()) for part in text.split(",")]
    if any(part is None for part in parts):
        raise InvalidInput(f"num_parameters={text[:40]!r}: write it as min:6B,max:128B, or one of the two.")
    return {f"parameters_{part[1]}": [part[2]] for part in parts if part}


def _items(ask: Ask, repos: list[Any], wanted: list[str], *, full: bool) -> list[dict[str, Any]]:
    """The page's rows: all of them are read with a number of queries that doesn't depend on how many there are."""
    names = {*wanted, *(["config"] if is_true(ask.request.GET.get("config")) and ask.kind == "model" else [])}
    more = _extras(ask, repos, names)
    card = is_true(ask.request.GET.get("cardData"))
    if full or _COSTLY.intersection(wanted):
        found = selectors.repo_infos(repos)
        told = [everything(one) if full else _named(one, only(fields(one), wanted)) for one in found]
        return [one | more.get(info.repo.pk, {}) for one, info in zip(told, found, strict=True)]
    return [_brief(repo, wanted, card=card) | more.get(repo.pk, {}) for repo in repos]


def _extras(ask: Ask, repos: list[Any], names: Iterable[str]) -> dict[int, dict[str, Any]]:
    asked = extras.NAMES.intersection(names)
    return extras.extras(ask.viewer, list(selectors.heads(repos).values()), asked) if asked and repos else {}


def _named(found: Any, told: dict[str, Any]) -> dict[str, Any]:
    return identity(found.kind, found.public_id, found.full_name) | told


def _brief(repo: Any, wanted: list[str], *, card: bool) -> dict[str, Any]:
    """What a row has without more reading: its card and tags came with the page."""
    told = _known(repo)
    names = wanted or [name for name in told if name not in _ON_REQUEST or (card and name == "cardData")]
    return _named(repo, {name: told[name] for name in names if told.get(name) is not None})


_ON_REQUEST = frozenset(
    {
        "cardData",
        "downloadsAllTime",
        "gguf",
        "inferenceProviderMapping",
        "mainSize",
        "model-index",
        "paperswithcode_id",
        "safetensors",
        "spaces",
        "widgetData",
        "xetEnabled",
    }
)


def _known(repo: Any) -> dict[str, Any]:
    card = repo.card
    tags = [tag.value for tag in sorted(repo.tags.all(), key=lambda tag: tag.pk)]
    told: dict[str, Any] = {
        "author": repo.owner.name,
        "cardData": card.metadata,
        "createdAt": date(repo.created_at),
        "disabled": repo.is_disabled,
        "downloads": repo.downloads,
        "downloadsAllTime": repo.downloads,
        "gated": repo.gate or False,
        "lastModified": date(repo.updated_at),
        "likes": repo.likes,
        "private": repo.is_private,
        "tags": tags,
        "trendingScore": repo.trending,
        "xetEnabled": True,
    }
    return told | (_of_dataset(card) if repo.kind == "dataset" else _of_model(card, tags))


def _of_dataset(card: Any) -> dict[str, Any]:
    return {
        "description": card.summary or None,
        "mainSize": card.size,
        "paperswithcode_id": card.metadata.get("paperswithcode_id"),
    }


def _of_model(card: Any, tags: list[str]) -> dict[str, Any]:
    return {
        "gguf": gguf(tags, card.parameters, card.parameter_count),
        "inferenceProviderMapping": [],
        "library_name": card.library_name or None,
        "model-index": card.metadata.get("model-index"),
        "pipeline_tag": card.pipeline_tag or None,
        "safetensors": safetensors(card.parameters),
        "spaces": [],
        "widgetData": widgets(card.metadata),
    }
