"""The review of one revision: to read, and its forms."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError, NotSignedIn
from hub.web.pages import review as pages
from hub.web.pages import review_acts
from hub.web.pages.repo import Address


def review(request: HttpRequest, viewer: Viewer, **at: str) -> HttpResponse:
    """What can't be done as the form asks is said above it, with what was filled in."""
    address = Address(**at)
    if request.method != "POST":
        return _shown(request, pages.build(viewer, address, request.GET))
    if not viewer.is_signed_in:
        raise NotSignedIn
    try:
        messages.success(request, review_acts.act(viewer, address, request.POST))
    except HubError as error:
        return _shown(request, pages.build(viewer, address, request.POST, said=error.message), status=error.status)
    return redirect(request.path)


def _shown(request: HttpRequest, page: pages.ReviewPage | pages.NoReviewPage, status: int = 200) -> HttpResponse:
    template = "web/review/review.html" if isinstance(page, pages.ReviewPage) else "web/review/none.html"
    return render(request, template, {"page": page}, status=status)
