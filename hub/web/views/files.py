"""Folders and files of a repository."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import files as pages
from hub.web.pages.repo import Address


def tree(request: HttpRequest, viewer: Viewer, path: str = "", **at: str) -> HttpResponse:
    origin = request.build_absolute_uri("/").rstrip("/")
    address = Address(path=path.strip("/"), **at)
    page = pages.build_tree(viewer, address, after=request.GET.get("after"), origin=origin)
    return render(request, "web/repo/tree.html", {"page": page})


def file(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/file.html", {"page": pages.build_file(viewer, Address(**at))})
