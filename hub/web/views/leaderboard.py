from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import leaderboard as pages
from hub.web.pages.repo import Address


def leaderboard(request: HttpRequest, viewer: Viewer, owner: str, name: str) -> HttpResponse:
    page = pages.build(viewer, Address("dataset", owner, name), request.GET.dict())
    return render(request, "web/jobs/leaderboard.html", {"page": page})
