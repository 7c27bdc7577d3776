"""Likes and watching."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.text import digits
from hub.web.pages import social as pages
from hub.web.views.session import safe_next

_MAX_OFFSET = 1_000_000


def like(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return redirect(safe_next(request, pages.set_like(viewer, **at, on=_is_on(request))))


def watch(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return redirect(safe_next(request, pages.set_watch(viewer, **at, on=_is_on(request))))


def watch_owner(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    return redirect(safe_next(request, pages.set_watch_owner(viewer, name, on=_is_on(request))))


def likers(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/likers.html", {"page": pages.likers(viewer, **at, offset=offset_of(request))})


def likes(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "web/likes.html", {"page": pages.likes(viewer, offset=offset_of(request))})


def offset_of(request: HttpRequest) -> int:
    """Where a page of a list begins."""
    return min(digits(request.GET.get("from", "")) or 0, _MAX_OFFSET)


def _is_on(request: HttpRequest) -> bool:
    return request.POST.get("on") == "yes"
