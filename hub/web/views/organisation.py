"""Members, roles and settings of an organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.errors import LastAdmin
from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.web.pages import organisation as pages


def organisation(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    found, action = pages.find(viewer, name), request.POST.get("action", "")
    form = pages.member_form(request.POST, is_sent=action == "add")
    settings = pages.settings_form(found, request.POST, is_sent=action == "settings")
    try:
        done = _act(request, viewer, found, action, form, settings)
    except LastAdmin as error:
        messages.error(request, error.message)
        done = None
    if done:
        messages.success(request, done.words)
        return redirect("web:home") if done.is_out else redirect(request.path)
    page = pages.build(viewer, found, form=form, settings=settings)
    return render(request, "web/organisation.html", {"page": page}, status=422 if request.POST else 200)


def _act(
    request: HttpRequest, viewer: Viewer, found: object, action: str, form: pages.MemberForm, settings: object
) -> pages.Done | None:
    user = request.POST.get("user", "")
    if action == "add":
        return pages.add(viewer, found, form)
    if action == "role" and request.POST.get("role") in dict(pages.services.Role.choices):
        return pages.set_role(viewer, found, user, request.POST["role"])
    if action == "remove":
        return pages.remove(viewer, found, user)
    if action == "settings":
        return pages.update(viewer, found, settings)  # type: ignore[arg-type]
    if action:
        raise InvalidInput("This form can't do that. Load the page again.")
    return None
