"""The tabs Data, Licence and Bias."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.web.pages import licence as licence_page
from hub.web.pages import statements
from hub.web.pages.repo import Address


def data(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/statements.html", {"page": statements.build_data(viewer, Address(**at))})


def bias(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/statements.html", {"page": statements.build_bias(viewer, Address(**at))})


def licence(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/licence.html", {"page": licence_page.build(viewer, Address(**at))})
