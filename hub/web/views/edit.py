"""Change or delete one file in the browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.catalog.errors import FileChanged
from hub.core.errors import HubError
from hub.web.pages import delete as delete_pages
from hub.web.pages import edit as pages
from hub.web.pages.repo import Address
from hub.web.repo_forms import DeleteFileForm


def edit(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    opened = pages.open_file(viewer, Address(**at))
    action = request.POST.get("action", "")
    wanted = action.removeprefix("as-") if action.startswith("as-") else request.GET.get("mode", "")
    form = pages.form_of(opened, request.POST, wanted if action.startswith("as-") or not request.POST else "")
    problems = pages.check(form, opened)
    is_stale = False
    if action == "commit" and form.is_valid():
        try:
            return redirect(pages.save(viewer, opened, form))
        except FileChanged:
            form, is_stale = pages.reopened(form, opened), True
        except HubError as error:
            form.add_error(None, error.message)
    page = pages.build(viewer, opened, form, problems, is_stale=is_stale)
    template = "web/repo/edit_look.html" if action == "look" else "web/repo/edit.html"
    is_refused = action == "commit" and not is_stale
    return render(request, template, {"page": page}, status=422 if is_refused else 409 if is_stale else 200)


def delete(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    form = DeleteFileForm(request.POST or None)
    page = delete_pages.build(viewer, Address(**at), form=form)
    if form.is_valid():
        try:
            target = delete_pages.delete(viewer, Address(**at), form.cleaned_data)
        except HubError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"{page.path} is deleted. Earlier versions keep it.")
            return redirect(target)
    return render(request, "web/repo/delete_file.html", {"page": page}, status=422 if form.is_bound else 200)
