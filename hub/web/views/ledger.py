from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.web.pages import ledger as pages
from hub.web.views.social import offset_of


def ledger(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Events under filters; a form of it checks the whole chain."""
    if request.method == "POST":
        is_good, said = pages.check(viewer)
        (messages.success if is_good else messages.error)(request, said)
        return redirect("web:ledger")
    return render(request, "web/ledger.html", {"page": pages.build(viewer, request.GET, offset=offset_of(request))})


def export(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """JSON lines, to be checked anywhere with `headstart audit verify`."""
    lines = pages.export(viewer, request.GET)
    headers = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    # `page` hands any answer on; its type names the usual one.
    return StreamingHttpResponse(lines, content_type="application/jsonl", headers=headers)  # type: ignore[return-value]


def roots(request: HttpRequest, viewer: Viewer) -> HttpResponse:  # noqa: ARG001 - views take what the frame hands them
    """The signed days, as JSON."""
    headers = {"Content-Disposition": 'attachment; filename="ledger-roots.json"'}
    return JsonResponse(pages.roots(viewer), safe=False, headers=headers)
