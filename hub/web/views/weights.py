"""The weights of a model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.core.text import digits
from hub.web.pages import weights as pages
from hub.web.pages.repo import Address

_MOST = 2_000
_MAX_START = 1_000_000


def weights(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    asked = request.GET
    choice = pages.Choice(
        file=asked.get("file", "")[:_MOST],
        module=asked.get("module", "")[:_MOST],
        start=min(digits(asked.get("from", "")) or 0, _MAX_START),
    )
    return render(request, "web/repo/weights.html", {"page": pages.build(viewer, Address(kind="model", **at), choice)})
