"""Order a job from a model's page: the form, its check while it is filled in, the order itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.jobs.errors import OrderRefused
from hub.web.pages import job_links
from hub.web.pages import order as pages
from hub.web.pages.repo import MAIN, Address


def order(request: HttpRequest, viewer: Viewer, kind: str, owner: str, name: str) -> HttpResponse:
    asked = request.GET.dict()
    address = Address("model", owner, name, revision=asked.get("revision") or MAIN)
    desk = pages.desk(viewer, address, kind, asked, request.POST or None)
    action = request.POST.get("action", "")
    if action == "order":
        try:
            public_id = pages.place_order(desk)
            messages.success(request, "Ordered. This page follows it; nothing depends on its staying open.")
            return redirect(job_links.job_url(public_id))
        except OrderRefused:
            action = "refused"
    template = "web/jobs/order_look.html" if action == "look" else "web/jobs/order.html"
    told = {"page": pages.build(desk), "is_asked": action in ("refused", "check")}
    return render(request, template, told, status=422 if action == "refused" else 200)
