"""The rows of a data file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.viewer import Viewer
from hub.catalog.tables import Cursor
from hub.core.text import digits
from hub.web.pages import data_rows as pages
from hub.web.pages.repo import Address

_MOST = 1 << 53


def rows(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    row, byte = (min(digits(request.GET.get(name, "")) or 0, _MOST) for name in ("from", "at"))
    page = pages.build(viewer, Address(**at), Cursor(row, byte))
    return render(request, "web/repo/rows.html", {"page": page})
