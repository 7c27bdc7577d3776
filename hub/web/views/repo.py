"""The card, the history and one commit of a repository."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import card as card_page
from hub.web.pages import versions as version_pages

_LATEST_OFFSET = 1_000_000


def card(request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str) -> HttpResponse:
    page = card_page.build(viewer, kind, owner, name, origin=request.build_absolute_uri("/").rstrip("/"))
    return render(request, "web/repo/card.html", {"page": page})


def versions(request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str, revision: str) -> HttpResponse:
    start = request.GET.get("from", "")
    offset = min(int(start), _LATEST_OFFSET) if start.isascii() and start.isdigit() else 0
    page = version_pages.build(viewer, kind, owner, name, revision, offset=offset)
    return render(request, "web/repo/versions.html", {"page": page})


def commit(request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str, oid: str) -> HttpResponse:
    page = version_pages.build_commit(viewer, kind, owner, name, oid)
    return render(request, "web/repo/commit.html", {"page": page})
