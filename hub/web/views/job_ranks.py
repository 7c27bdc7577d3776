"""Order a ranking of models from a data set's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.jobs.errors import OrderRefused
from hub.web.pages import job_links
from hub.web.pages import rank as pages
from hub.web.pages.repo import MAIN, Address


def rank(request: HttpRequest, viewer: Viewer, owner: str, name: str) -> HttpResponse:
    asked = request.GET.dict()
    address = Address("dataset", owner, name, revision=asked.get("revision") or MAIN)
    desk = pages.desk(viewer, address, asked, request.POST or None)
    action = request.POST.get("action", "")
    if action == "order":
        try:
            public_id = pages.place_order(desk)
            messages.success(request, "Ordered. This page follows it; nothing depends on its staying open.")
            return redirect(job_links.job_url(public_id))
        except OrderRefused:
            action = "refused"
    template = "web/jobs/order_look.html" if action == "look" else "web/jobs/rank.html"
    told = {"page": pages.build(desk), "is_asked": action in ("refused", "check")}
    return render(request, template, told, status=422 if action == "refused" else 200)
