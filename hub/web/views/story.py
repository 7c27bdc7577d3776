"""The lineage, the results and the use of a repository."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import evaluations as evaluations_page
from hub.web.pages import lineage as lineage_page
from hub.web.pages import use as use_page
from hub.web.pages.repo import Address


def lineage(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/lineage.html", {"page": lineage_page.build(viewer, Address(**at))})


def evaluations(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/evaluations.html", {"page": evaluations_page.build(viewer, Address(**at))})


def use(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/use.html", {"page": use_page.build(viewer, Address(**at))})
