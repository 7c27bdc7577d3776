"""Where a person confirms the code that a program shows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts import device_logins
from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.pages import device as pages


def device(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Without a code it asks for one; with one it says which program waits, and asks what that may do."""
    page = pages.build(viewer, request.POST.get("user_code") or request.GET.get("user_code", ""), _sent(request))
    if request.method == "POST" and page.login:
        if "deny" in request.POST:
            device_logins.deny(by=viewer, login=page.login)
            messages.success(request, "Refused. The program got no token.")
            return redirect("web:tokens")
        if page.form.is_valid() and _approve(viewer, page):
            messages.success(request, "Confirmed. The program fetches its token now; you can close this page.")
            return redirect("web:tokens")
    is_faulty = page.problem or page.form.errors
    return render(request, "web/device.html", {"page": page}, status=422 if is_faulty else 200)


def _sent(request: HttpRequest) -> object:
    return request.POST if "scope" in request.POST and "deny" not in request.POST else None


def _approve(viewer: Viewer, page: pages.DevicePage) -> bool:
    given = page.form.cleaned_data
    scope, days = device_logins.AccessToken.Scope(given["scope"]), given["expires"]
    try:
        device_logins.approve(by=viewer, login=page.login, label=given["label"], scope=scope, days=days)
    except HubError as error:
        page.form.add_error(None, error.message)
    return not page.form.errors
