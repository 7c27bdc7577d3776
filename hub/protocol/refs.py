"""Branches, tags and commits."""

from django.http import HttpResponse

from hub.catalog import selectors, services
from hub.catalog.errors import RefExists, RevisionNotFound
from hub.catalog.selectors import RefInfo
from hub.protocol import errors
from hub.protocol.http import is_true, json_body, json_response, number_of, text_in, values_of
from hub.protocol.serialize import commit
from hub.protocol.tree import next_link
from hub.protocol.wire import Ask, by_method, wire

PAGE = 100


@wire("GET")
def refs(ask: Ask) -> HttpResponse:
    found = selectors.list_refs(ask.repo)
    told = {"branches": _refs(found.branches), "tags": _refs(found.tags), "converts": []}
    if is_true(ask.request.GET.get("include_prs")):
        told["pullRequests"] = []
    return json_response(told)


def _refs(found: tuple[RefInfo, ...]) -> list[dict[str, str]]:
    return [{"name": ref.name, "ref": ref.ref, "targetCommit": ref.target} for ref in found]


@wire("GET")
def commits(ask: Ask, *, revision: str) -> HttpResponse:
    """The history that ends there, newest first."""
    at = selectors.revision_of(ask.repo, revision)
    limit = number_of(ask.request, "limit", default=PAGE, most=1000)
    number = number_of(ask.request, "cursor", default=1, most=10**9) - 1
    found = selectors.list_commits(at, number, limit + 1)
    formatted = "formatted" in values_of(ask.request, "expand")
    response = json_response([commit(item, formatted=formatted) for item in found[:limit]])
    if len(found) > limit:
        response["Link"] = next_link(ask.request, str(number + limit + 1))
    return response


@wire("POST")
def create_branch(ask: Ask, *, branch: str) -> HttpResponse:
    repo = ask.repo
    start = text_in(json_body(ask.request), "startingPoint", "") or None
    try:
        services.create_branch(by=ask.viewer, repo=repo, name=branch, start=start)
    except RefExists:
        return errors.message(409, f"Reference refs/heads/{branch} already exists")
    return HttpResponse(status=200)


@wire("DELETE")
def delete_branch(ask: Ask, *, branch: str) -> HttpResponse:
    services.delete_branch(by=ask.viewer, repo=ask.repo, name=branch)
    return HttpResponse(status=200)


@wire("POST")
def create_tag(ask: Ask, *, revision: str) -> HttpResponse:
    body = json_body(ask.request)
    repo = ask.repo
    selectors.revision_of(repo, revision)
    tag, text = text_in(body, "tag"), text_in(body, "message", "")
    try:
        services.create_tag(by=ask.viewer, repo=repo, name=tag, revision=revision, message=text)
    except RefExists:
        return errors.message(409, f"Tag reference exists already: refs/tags/{tag}")
    return HttpResponse(status=200)


@wire("DELETE")
def delete_tag(ask: Ask, *, revision: str) -> HttpResponse:
    repo = ask.repo
    if revision not in {tag.name for tag in selectors.list_refs(repo).tags}:
        raise RevisionNotFound(f"Invalid rev id: {revision}. There is no tag of that name.")
    services.delete_tag(by=ask.viewer, repo=repo, name=revision)
    return HttpResponse(status=200)


branch = by_method(POST=create_branch, DELETE=delete_branch)
tag = by_method(POST=create_tag, DELETE=delete_tag)
