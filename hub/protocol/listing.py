"""Lists of models and data sets."""

from typing import Any

from django.http import HttpResponse

from hub.catalog import selectors
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
    gated = ask.request.GET.get("gated")
    page = selectors.search_repos(
        ask.viewer,
        kind=ask.kind,
        search=values_of(ask.request, "search"),
        author=ask.request.GET.get("author") or None,
        filters=values_of(ask.request, "filter"),
        sort=ask.request.GET.get("sort") or None,
        gated=None if gated is None else is_true(gated),
        pipeline_tag=ask.request.GET.get("pipeline_tag") or None,
        limit=number_of(ask.request, "limit", default=most, most=most),
        cursor=ask.request.GET.get("cursor") or None,
    )
    card = is_true(ask.request.GET.get("cardData"))
    items = [_item(repo, wanted, full=full, card=card) for repo in page.items]
    response = json_response(items, headers={"X-Total-Count": str(page.total)})
    if page.next:
        response["Link"] = next_link(ask.request, page.next)
    return response


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
        "likes": repo.likes,
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
