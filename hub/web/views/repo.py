"""The card, the history and one commit of a repository."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.core.text import digits
from hub.web.pages import card as card_page
from hub.web.pages import versions as version_pages
from hub.web.pages.repo import Address

_MAX_OFFSET = 1_000_000


def card(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    page = card_page.build(viewer, Address(**at), origin=request.build_absolute_uri("/").rstrip("/"))
    return render(request, "web/repo/card.html", {"page": page})


def versions(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    offset = min(digits(request.GET.get("from", "")) or 0, _MAX_OFFSET)
    page = version_pages.build(viewer, Address(**at), offset=offset)
    return render(request, "web/repo/versions.html", {"page": page})


def commit(request: HttpRequest, viewer: Viewer, oid: str, **at: str) -> HttpResponse:
    page = version_pages.build_commit(viewer, Address(revision=oid, **at), request.GET.get("path", ""))
    return render(request, "web/repo/commit.html", {"page": page})
