from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import dossier as pages
from hub.web.pages.repo import Address


def dossier(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    page = pages.build(viewer, Address(**at), origin=request.build_absolute_uri("/"))
    return render(request, "web/dossier.html", {"page": page})


def export(request: HttpRequest, viewer: Viewer, form: str, **at: str) -> HttpResponse:
    """One paper, as a file."""
    made = pages.export(viewer, Address(**at), form, origin=request.build_absolute_uri("/"))
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(made.data, content_type=made.media_type, headers=headers)
