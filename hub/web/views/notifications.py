from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.pages import notifications as pages
from hub.web.views.social import offset_of


def notifications(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """To read; a form of it marks one or all of them as read."""
    if request.method == "POST":
        pages.mark(viewer, request.POST.getlist("read"))
        return redirect("web:notifications")
    return render(request, "web/notifications.html", {"page": pages.build(viewer, offset=offset_of(request))})
