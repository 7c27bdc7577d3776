"""Settings and profiles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.services import describe_organisation
from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.web.community_forms import OrganisationProfileForm, ProfileForm
from hub.web.pages import profile as pages


def index(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "web/settings/index.html", {"page": pages.build_index(viewer)})


def profile(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial=pages.initial(viewer))
    if form.is_valid():
        try:
            pages.save(viewer, form.cleaned_data)
        except InvalidInput as error:
            form.add_error("homepage", error.message)
        else:
            messages.success(request, "Your profile is saved.")
            return redirect("web:owner", name=viewer.name)
    return _page(request, pages.build_profile(viewer, form))


def organisation(request: HttpRequest, viewer: Viewer, name: str) -> HttpResponse:
    found = pages.own_organisation(viewer, name)
    initial = {"description": found.description, "homepage": found.homepage}
    form = OrganisationProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            describe_organisation(by=viewer, organisation=found, **form.cleaned_data)
        except InvalidInput as error:
            form.add_error("homepage", error.message)
        else:
            messages.success(request, "The description is saved.")
            return redirect("web:owner", name=found.namespace.name)
    return _page(request, pages.build_organisation(found, form))


def _page(request: HttpRequest, page: pages.ProfilePage) -> HttpResponse:
    return render(request, "web/settings/profile.html", {"page": page}, status=422 if page.form.errors else 200)
