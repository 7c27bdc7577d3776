"""Gates: ask for access, accept texts, decide on requests, look at one's agreements."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import NotSignedIn
from hub.web.pages import access as pages
from hub.web.pages import access_settings, agreements, repo
from hub.web.views.social import offset_of


def access(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    """What must be accepted is there to read for everybody; who asks and accepts is signed in."""
    place = repo.find(viewer, repo.Address(**at))
    if request.method == "POST" and not viewer.is_signed_in:
        raise NotSignedIn
    action = request.POST.get("action", "")
    forms = pages.forms_of(viewer, place, action, request.POST)
    if action and (said := pages.act(viewer, place, action, forms, request.POST)):
        messages.success(request, said)
        return redirect(request.path)
    page = pages.build(viewer, place, forms)
    return render(request, "web/access/access.html", {"page": page}, status=422 if request.POST else 200)


def requests(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    place = access_settings.place_of(viewer, repo.Address(**at))
    action = request.POST.get("action", "")
    forms = access_settings.forms_of(place, action, request.POST)
    if action and (said := access_settings.act(viewer, place, action, forms, request.POST)):
        messages.success(request, said)
        return redirect(request.get_full_path())
    state, offset = request.GET.get("state", ""), offset_of(request)
    page = access_settings.build(viewer, place, forms, state=state, offset=offset)
    return render(request, "web/access/requests.html", {"page": page}, status=422 if request.POST else 200)


def agreed(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.method == "POST":
        messages.success(request, agreements.end(viewer, request.POST.get("end", "")))
        return redirect(request.path)
    page = agreements.build(viewer, offset=offset_of(request))
    return render(request, "web/access/agreements.html", {"page": page})
