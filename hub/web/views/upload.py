"""Upload files in the browser: the page with its plain form, and the steps of its script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.body import body_stream
from hub.core.errors import HubError
from hub.core.text import digits
from hub.web.http import json_of
from hub.web.pages import upload as pages
from hub.web.pages.repo import Address
from hub.web.repo_forms import UploadForm


def upload(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    page = pages.build(viewer, Address(**at), form=form)
    if form.is_valid():
        try:
            return redirect(pages.commit_plain(viewer, Address(**at), form.cleaned_data))
        except HubError as error:
            form.add_error(None, error.message)
    if form.is_bound:
        messages.error(request, "Nothing was committed. Browsers forget chosen files: choose them again.")
    return render(request, "web/repo/upload.html", {"page": page}, status=422 if form.is_bound else 200)


def begin(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return JsonResponse(pages.begin(viewer, Address(**at), json_of(request)))


def part(request: HttpRequest, viewer: Viewer, upload: str, number: int, **at: str) -> HttpResponse:
    length = digits(str(request.META.get("CONTENT_LENGTH") or "0")) or 0
    pages.receive(viewer, Address(**at), upload=upload, number=number, body=body_stream(request), length=length)
    return JsonResponse({})


def ready(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    pages.finish(viewer, Address(**at), json_of(request))
    return JsonResponse({})


def commit(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    return JsonResponse({"url": pages.commit(viewer, Address(**at), json_of(request))})
