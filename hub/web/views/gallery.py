from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import gallery as pages


def components(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    return render(request, "web/gallery.html", {"page": pages.build()})
