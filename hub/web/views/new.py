"""Make a repository or an organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.pages import new as pages


def repository(request: HttpRequest, viewer: Viewer, kind: str) -> HttpResponse:
    form = pages.repo_form(viewer, kind, request.POST, request.GET.get("owner", ""))
    if request.POST.get("action") == "look":
        return render(request, "web/look.html", {"form": pages.forget_empty(form)})
    if form.is_valid():
        try:
            target = pages.make_repo(viewer, kind, form.cleaned_data)
        except HubError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, "Made, with a card to fill in. Now add files, or come back to it later.")
            return redirect(target)
    return _answer(request, kind, form)


def organisation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = pages.organisation_form(request.POST)
    if request.POST.get("action") == "look":
        return render(request, "web/look.html", {"form": pages.forget_empty(form)})
    if form.is_valid():
        try:
            return redirect(pages.make_organisation(viewer, form.cleaned_data))
        except HubError as error:
            form.add_error("name", error.message)
    return _answer(request, "organisation", form)


def _answer(request: HttpRequest, kind: str, form: pages.Form) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "web/new.html", {"page": pages.build(kind, form=form)}, status=status)
