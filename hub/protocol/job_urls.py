"""Addresses of jobs on the wire. They name an account and a job, never a repository."""

from django.urls import URLPattern, path

from hub.protocol import jobs
from hub.protocol.wire import by_method

_ACCOUNT = "api/jobs/<seg:account>"
_JOB = f"{_ACCOUNT}/<seg:job>"
urlpatterns: list[URLPattern] = [
    path("api/jobs/hardware", jobs.flavors),
    path(_ACCOUNT, by_method(GET=jobs.listing, POST=jobs.run)),
    path(_JOB, jobs.inspect),
    path(f"{_JOB}/logs", jobs.logs),
    path(f"{_JOB}/metrics", jobs.metrics),
    path(f"{_JOB}/cancel", jobs.cancel),
    path(f"{_JOB}/labels", jobs.label),
    path(f"{_JOB}/duplicate", jobs.duplicate),
]
