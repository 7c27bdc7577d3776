"""Finding one's way: compare, suggestions, the glossary, the guide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import compare as compare_page
from hub.web.pages import glossary as glossary_page
from hub.web.pages import guide as guide_page
from hub.web.pages import suggestions as suggestions_page


def compare(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "web/compare.html", {"page": compare_page.build(viewer, request.GET.getlist("m"))})


def suggestions(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = suggestions_page.build(viewer, request.GET.get("q", ""))
    return render(request, "web/suggestions.html", {"page": page})


def glossary(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    return render(request, "web/glossary.html", {"page": glossary_page.build()})


def guide(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = guide_page.build(viewer, origin=request.build_absolute_uri("/").rstrip("/"))
    return render(request, "web/guide.html", {"page": page})
