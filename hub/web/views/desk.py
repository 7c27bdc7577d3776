"""The review desk, governance at a glance, and who reviews."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.text import storable
from hub.web.pages import desk as desk_page
from hub.web.pages import governance as governance_pages
from hub.web.pages import reviewers as reviewers_page
from hub.web.views.session import safe_next


def desk(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The queue; its form assigns a revision to somebody."""
    if request.method == "POST":
        messages.success(
            request, desk_page.assign(viewer, request.POST.get("revision", ""), request.POST.get("to", ""))
        )
        return redirect(safe_next(request, "/desk"))
    asked = {name: storable(str(text)) for name, text in request.GET.items()}
    return render(request, "web/desk/desk.html", {"page": desk_page.build(viewer, asked)})


def overview(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "web/governance/overview.html", {"page": governance_pages.build(viewer)})


def reviewers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Who reviews what; administrators change it here."""
    if request.method == "POST":
        asked = request.POST
        messages.success(
            request,
            reviewers_page.change(viewer, asked.get("action", ""), asked.get("name", ""), asked.getlist("domain")),
        )
        return redirect("web:reviewers")
    return render(request, "web/governance/reviewers.html", {"page": reviewers_page.build(viewer)})
