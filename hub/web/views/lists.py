from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from hub.accounts.viewer import Viewer
from hub.web.pages import lists as pages


def repositories(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    """The page, or for a script that swaps it in place, its form alone with the address that the browser shows then."""
    page = pages.build(viewer, kind, dict(request.GET.lists()))
    is_part = request.headers.get("HX-Request-Type") == "partial"
    template = "web/list.html#list" if is_part else "web/list.html"
    response = render(request, template, {"page": page}, status=page.status)
    patch_vary_headers(response, ["HX-Request-Type"])
    if is_part and not page.error:
        response[_history_header(request.headers.get("HX-Current-URL", ""), page.address)] = page.address
    return response


def _history_header(before: str, after: str) -> str:
    """Letters typed into a search replace the address, so that Back doesn't go through them one by one."""
    old, new = (parse_qs(address.partition("?")[2]) for address in (before[:8000], after))
    typed = old.pop("q", None) and new.pop("q", None)
    return "HX-Replace-Url" if typed and old == new else "HX-Push-Url"
