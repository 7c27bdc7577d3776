"""Jobs: the list, one of them, what can be done with it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from hub.accounts.viewer import Viewer
from hub.web.pages import job as job_page
from hub.web.pages import job_acts, job_links
from hub.web.pages import jobs as list_page


def jobs(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return render(request, "web/jobs/list.html", {"page": list_page.build(viewer, request.GET.dict())})


def job(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    return render(request, "web/jobs/job.html", {"page": job_page.build(viewer, public_id)})


def of_account(_request: HttpRequest, _viewer: Viewer, public_id: str, **_: str) -> HttpResponse:
    """Where clients of the public hub look for a job's page."""
    return redirect(job_links.job_url(public_id))


def live(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    """The parts of the page that change, for its script."""
    response = render(request, "web/jobs/live.html", {"page": job_page.build(viewer, public_id)})
    patch_cache_control(response, no_store=True)
    return response


def cancel(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    messages.success(request, job_acts.cancel(viewer, public_id))
    return redirect(job_links.job_url(public_id))


def retry(request: HttpRequest, viewer: Viewer, public_id: str) -> HttpResponse:
    again = job_acts.retry(viewer, public_id)
    messages.success(request, "It waits for a worker again, and goes on from its last checkpoint if it has one.")
    return redirect(job_links.job_url(again))
