"""Workers: the list, for everybody signed in; adding and withdrawing, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.job_forms import WorkerForm
from hub.web.pages import workers as pages


def workers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = WorkerForm(request.POST or None)
    secret = ""
    if form.is_valid():
        try:
            secret, form = pages.add(viewer, form.cleaned_data["name"]), WorkerForm()
        except HubError as error:
            form.add_error(None, error.message)
    origin = request.build_absolute_uri("/").rstrip("/")
    page = pages.build(viewer, form=form, secret=secret, origin=origin)
    response = render(request, "web/jobs/workers.html", {"page": page}, status=422 if form.is_bound else 200)
    # The secret stands in this answer and nowhere else.
    response["Cache-Control"] = "no-store"
    return response


def act(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    messages.success(request, pages.act(viewer, public_id, request.POST.get("action", "")))
    return redirect("web:workers")
