from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import lists as pages


def repositories(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    return render(request, "web/list.html", {"page": pages.build(viewer, kind, request.GET)})
