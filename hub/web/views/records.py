"""Forms of data records, of findings and of the intended use; and the reach of a data set."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.pages import data_form, finding_form, use_form
from hub.web.pages import reach as reach_page
from hub.web.pages import thresholds as thresholds_page
from hub.web.pages.repo import Address


def data_edit(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    page = data_form.act(viewer, Address(**at), request.POST, request.FILES.get("file"))
    return _answer(request, "web/records/data_form.html", page, "The data record is saved.")


def use_edit(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    page = use_form.act(viewer, Address(**at), request.POST)
    return _answer(request, "web/records/use_form.html", page, "The intended use is saved.")


def finding_new(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    page = finding_form.new(viewer, Address(**at), request.POST, request.GET)
    return _answer(request, "web/records/finding_form.html", page, "The finding is filed.")


def finding_edit(request: HttpRequest, viewer: Viewer, number: int, **at: str) -> HttpResponse:
    page = finding_form.edit(viewer, Address(**at), number, request.POST)
    return _answer(request, "web/records/finding_form.html", page, "The finding is changed; what it said before stays.")


def finding(request: HttpRequest, viewer: Viewer, number: int, **at: str) -> HttpResponse:
    page = finding_form.show(viewer, Address(**at), number, request.POST)
    return _answer(request, "web/records/finding.html", page, "What it says of its status is kept.")


def reach(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/records/reach.html", {"page": reach_page.build(viewer, Address(**at))})


def thresholds(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = thresholds_page.act(viewer, request.POST)
    if page.is_done:
        messages.success(request, "The thresholds are changed.")
        return redirect(request.path)
    return render(request, "web/records/thresholds.html", {"page": page}, status=422 if page.problems else 200)


def _answer(request: HttpRequest, template: str, page: Any, done: str) -> HttpResponse:
    """To where it shows, once it is done; else the form, with what is wrong."""
    if page.done_url:
        messages.success(request, done)
        return redirect(page.done_url)
    return render(request, template, {"page": page}, status=422 if page.problems else 200)
