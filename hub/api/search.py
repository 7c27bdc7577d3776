"""Search for programs: the names and values of the site's lists, with the same answers."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.api.shapes import (
    KINDS,
    SEARCH_PARAMETERS,
    SearchSerializer,
    SimilarSerializer,
    SuggestionsSerializer,
    parameter,
)
from hub.catalog import selectors
from hub.catalog.query import FACETS, parse_query
from hub.catalog.vocabularies import licence_class
from hub.core.errors import InvalidInput

MAX_SUGGESTIONS = 20
MAX_SIMILAR = 50


class Search(APIView):
    """What the viewer may see, under a search and filters. The header `Link: rel=next` has the next page's address."""

    @extend_schema(parameters=SEARCH_PARAMETERS, responses=SearchSerializer, operation_id="search")
    def get(self, request: Request) -> HttpResponse:
        query = parse_query(_kind(request), dict(request.GET.lists()))
        found = selectors.search(viewer_of(request), query, facets=_facets(request))
        told = {
            "items": [item(hit.repo, hit.snippet) for hit in found.hits],
            "total": found.total,
            "facets": {name: [_value(one) for one in values] for name, values in found.facets.items()},
            "next": found.next,
        }
        return _answer(told, {"Link": _next_link(request, found.next)} if found.next else {})


class Suggest(APIView):
    """Names that go on as `q` does, or nearly so: for completion while somebody types."""

    @extend_schema(
        parameters=[
            parameter("q", "The beginning of a name."),
            parameter("kind", "Only of this kind.", enum=KINDS),
            OpenApiParameter("limit", OpenApiTypes.INT, description=f"Up to {MAX_SUGGESTIONS}.", default=8),
        ],
        responses=SuggestionsSerializer,
        operation_id="suggest",
    )
    def get(self, request: Request) -> HttpResponse:
        kind = _kind(request, default=None)
        query = parse_query(kind or "model", dict(request.GET.lists()), limit=8)
        limit = min(query.limit, MAX_SUGGESTIONS)
        found = selectors.suggest(viewer_of(request), query.text, kind=kind, limit=limit)
        return _answer({"items": [{"name": one.full_name, "kind": one.kind, "pieces": one.pieces} for one in found]})


class Similar(APIView):
    """Others like this one: by lineage, task and text of the card."""

    @extend_schema(
        parameters=[OpenApiParameter("limit", OpenApiTypes.INT, description=f"Up to {MAX_SIMILAR}.", default=6)],
        responses=SimilarSerializer,
        operation_id="similar",
    )
    def get(self, request: Request, owner: str, name: str) -> HttpResponse:
        viewer = viewer_of(request)
        limit = min(parse_query("model", dict(request.GET.lists()), limit=6).limit, MAX_SIMILAR)
        repo = selectors.find_repo(viewer, "model", owner, name)
        return _answer({"items": [item(one) for one in selectors.similar(viewer, repo, limit=limit)]})


def item(repo: Any, snippet: Iterable[tuple[str, bool]] = ()) -> dict[str, Any]:
    """A row; card, owner and tags are at hand."""
    card = repo.card
    return {
        "name": repo.full_name,
        "kind": repo.kind,
        "owner": repo.owner.name,
        "summary": card.summary,
        "private": repo.is_private,
        "gated": bool(repo.gate),
        "task": card.pipeline_tag or None,
        "library": card.library_name or None,
        "licence": card.license or None,
        "licenceClass": licence_class(card.license),
        "parameters": card.parameter_count,
        "size": card.size,
        "downloads": repo.downloads,
        "likes": repo.likes,
        "review": repo.review_state,
        "bias": repo.bias_severity or None,
        "tags": [tag.value for tag in sorted(repo.tags.all(), key=lambda tag: tag.pk)],
        "createdAt": repo.created_at,
        "updatedAt": repo.updated_at,
        "snippet": list(snippet),
    }


def _kind(request: Request, default: str | None = "model") -> Any:
    kind = request.GET.get("kind") or default
    if kind not in (*KINDS, default):
        raise InvalidInput(f"kind is model or dataset, not {str(kind)[:40]!r}.")
    return kind


def _facets(request: Request) -> tuple[str, ...]:
    names = request.GET.getlist("facets")
    if unknown := sorted(set(names) - {*FACETS, "none"}):
        raise InvalidInput(f"{unknown[0][:40]!r} is no facet. Use {', '.join(FACETS)}, or none.")
    return tuple(name for name in FACETS if name in names) if names else FACETS


def _value(one: Any) -> dict[str, Any]:
    return {"value": one.value, "count": one.count, "chosen": one.is_chosen}


def _next_link(request: Request, after: str) -> str:
    """The same address with another `after`."""
    kept = [(name, value) for name, values in request.GET.lists() if name != "after" for value in values]
    return f'<{request.build_absolute_uri(request.path)}?{urlencode([*kept, ("after", after)])}>; rel="next"'


def _answer(told: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(orjson.dumps(told), content_type="application/json", headers=headers)
