"""What is to be done with what jobs measured of a model."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hub.accounts.viewer import Viewer
from hub.web.pages import follow_up


def act(request: HttpRequest, viewer: Viewer, owner: str, name: str) -> HttpResponse:
    repo = follow_up.find(viewer, owner, name)
    origin = request.build_absolute_uri("/").rstrip("/")
    told, url = follow_up.act(viewer, repo, request.POST.dict(), origin=origin)
    messages.success(request, told)
    return redirect(url)
