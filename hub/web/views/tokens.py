"""A user's access tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts import services
from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.pages import tokens as pages


def tokens(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = pages.token_form(viewer, request.POST or None)
    secret = ""
    if form.is_valid():
        try:
            secret = pages.make_token(viewer, **form.cleaned_data)
            form = pages.token_form(viewer)
        except HubError as error:
            form.add_error("repositories" if error.status == 404 else None, error.message)
    page = pages.build(viewer, form=form, secret=secret)
    response = render(request, "web/tokens.html", {"page": page}, status=422 if form.is_bound else 200)
    # The secret stands in this answer and nowhere else.
    response["Cache-Control"] = "no-store"
    return response


def revoke(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    services.revoke_token(by=viewer, token=pages.own_token(viewer, public_id))
    messages.success(request, "The token is revoked: it opens nothing any more.")
    return redirect("web:tokens")
