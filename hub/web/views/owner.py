from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import owner as pages


def owner(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    return render(request, "web/owner.html", {"page": pages.build(viewer, name)})
