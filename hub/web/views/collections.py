"""Collections."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.community import services
from hub.community.selectors import find_collection
from hub.core.errors import HubError
from hub.core.text import digits
from hub.web.community_forms import CollectionForm
from hub.web.pages import collections as pages
from hub.web.views.social import offset_of


def collections(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    page = pages.build_list(viewer, owner=request.GET.get("owner", ""), offset=offset_of(request))
    return render(request, "web/collections/list.html", {"page": page})


def collection(request: HttpRequest, viewer: Viewer, owner: str, slug: str) -> HttpResponse:
    return render(request, "web/collections/collection.html", {"page": pages.build(viewer, owner, slug)})


def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """With `add` in the address the new collection holds that repository."""
    form = CollectionForm(request.POST or None, owners=pages.owners_for(viewer))
    if form.is_valid():
        try:
            return redirect(pages.make(viewer, form.cleaned_data, request.GET.get("add", "")))
        except HubError as error:
            form.add_error("title", error.message)
    query = request.GET.urlencode()
    return _form(request, pages.build_new(form, f"?{query}" if query else ""))


def edit(request: HttpRequest, viewer: Viewer, owner: str, slug: str) -> HttpResponse:
    found = find_collection(viewer, owner, slug)
    services.check_edit(viewer, found)
    initial = {"title": found.title, "description": found.description, "visibility": found.visibility}
    form = CollectionForm(request.POST or None, owners=[], initial=initial)
    if form.is_valid():
        try:
            return redirect(pages.change(viewer, found, form.cleaned_data))
        except HubError as error:
            form.add_error("title", error.message)
    return _form(request, pages.build_edit(found, form))


def delete(request: HttpRequest, viewer: Viewer, owner: str, slug: str) -> HttpResponse:
    found = find_collection(viewer, owner, slug)
    services.delete_collection(by=viewer, collection=found)
    messages.success(request, f"The collection “{found.title}” is deleted. What was in it stays.")
    return redirect("web:collections")


def item(request: HttpRequest, viewer: Viewer, owner: str, slug: str, item: str) -> HttpResponse:
    found = find_collection(viewer, owner, slug)
    given = request.POST
    position = digits(given.get("position", "")) or 0
    deed = given.get("deed", "move")
    pages.change_item(viewer, found, item, deed=deed, note=given.get("note", ""), position=position)
    return redirect("web:collection", owner=found.owner.name, slug=found.address)


def collect(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    """Choose a collection for a repository."""
    if request.method == "POST":
        given = request.POST
        found = pages.put(viewer, **at, public_id=given.get("collection", ""), note=given.get("note", ""))
        messages.success(request, f"Added to “{found.label}”.")
        return redirect(found.url)
    return render(request, "web/collections/collect.html", {"page": pages.build_collect(viewer, **at)})


def _form(request: HttpRequest, page: Any) -> HttpResponse:
    return render(request, "web/collections/form.html", {"page": page}, status=422 if page.form.errors else 200)
