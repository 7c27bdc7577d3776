"""Two revisions of a repository beside each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.pages import changes as pages
from hub.web.pages import links
from hub.web.pages.repo import Address


def choose(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    """The form; what it sends leads to the address that can be shared."""
    old, new = (request.GET.get(name, "").strip() for name in ("old", "new"))
    if old and new:
        return redirect(links.revisions_url(at["kind"], f"{at['owner']}/{at['name']}", old, new))
    page = pages.build_compare(viewer, Address(**at), "", new)
    return render(request, "web/repo/compare.html", {"page": page})


def compare(request: HttpRequest, viewer: Viewer, pair: str, **at: str) -> HttpResponse:
    old, _, new = pair.partition("...")
    page = pages.build_compare(viewer, Address(**at), old, new, only=request.GET.get("path", ""))
    return render(request, "web/repo/compare.html", {"page": page})
