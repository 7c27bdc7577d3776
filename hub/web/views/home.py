from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import home as pages


def home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(
        request, "web/home.html", {"page": pages.build(viewer, origin=request.build_absolute_uri("/").rstrip("/"))}
    )
