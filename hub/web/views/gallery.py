from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from hub.accounts.viewer import Viewer
from hub.web.pages import gallery as pages


def components(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    return render(request, "web/gallery.html", {"page": pages.build()})


def favicon(_request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    """For pages that name no icon of their own, such as the admin's."""
    return redirect(static("web/img/mark.svg"))
