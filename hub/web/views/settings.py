"""Set up, move and delete a repository."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.pages import settings as pages
from hub.web.pages.repo import Address


def settings(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    place = pages.place_of(viewer, Address(**at))
    action = request.POST.get("action", "")
    if action == "lift":
        lifted = pages.lift_advisory(viewer, place, request.POST.get("key", ""))
        messages.success(request, lifted.words)
        return redirect(lifted.url)
    forms = pages.forms_of(place, action, request.POST)
    if action in forms and (done := pages.act(viewer, place, action, forms[action])):
        messages.success(request, done.words)
        return redirect(done.url)
    page = pages.build(viewer, place, forms)
    return render(request, "web/repo/settings.html", {"page": page}, status=422 if request.POST else 200)
