"""The tabs Data, Licence and Bias."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.licence_forms import ConcludeForm
from hub.web.pages import licence as licence_page
from hub.web.pages import statements
from hub.web.pages.repo import Address


def data(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/statements.html", {"page": statements.build_data(viewer, Address(**at))})


def bias(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return render(request, "web/repo/statements.html", {"page": statements.build_bias(viewer, Address(**at))})


def licence(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    form = ConcludeForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            return redirect(licence_page.conclude(viewer, Address(**at), form))
        except HubError as error:
            form.add_error(None, error.message)
    page = licence_page.build(viewer, Address(**at), form)
    return render(request, "web/repo/licence.html", {"page": page}, status=422 if form else 200)
