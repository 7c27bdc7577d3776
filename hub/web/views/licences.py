"""The table of licences."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.pages import licence_list
from hub.web.pages import licences as pages


def licences(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = licence_list.build_list(viewer, request.GET.get("q", ""))
    return render(request, "web/governance/licences.html", {"page": page})


def licence(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    form = pages.form_of(viewer, name, request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            target = pages.save(viewer, form)
        except HubError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "Saved. What this licence reaches is judged anew.")
            return redirect(target)
    page = pages.build_new(viewer, form) if name == licence_list.NEW else pages.build(viewer, name, form)
    return render(request, "web/governance/licence.html", {"page": page}, status=422 if form else 200)
