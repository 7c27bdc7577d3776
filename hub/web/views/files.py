"""Folders and files of a repository."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import files as pages


def tree(
    request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str, revision: str, path: str = ""
) -> HttpResponse:
    origin = request.build_absolute_uri("/").rstrip("/")
    after = request.GET.get("after")
    page = pages.build_tree(viewer, kind, owner, name, revision, path.strip("/"), after=after, origin=origin)
    return render(request, "web/repo/tree.html", {"page": page})


def file(
    request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str, revision: str, path: str
) -> HttpResponse:
    page = pages.build_file(viewer, kind, owner, name, revision, path)
    return render(request, "web/repo/file.html", {"page": page})
