"""Jobs as clients of the public hub order and follow them, over the jobs of this hub and their services."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hub.core.errors import InvalidInput, NotSignedIn
from hub.jobs.errors import NoSuchJob
from hub.jobs.labels import check_label
from hub.jobs.selectors import jobs as selectors
from hub.jobs.selectors import offers
from hub.jobs.services import cancelling, labels, orders
from hub.protocol.http import json_body, json_response, number_of, values_of
from hub.protocol.job_body import read_body
from hub.protocol.job_shapes import STAGES, hardware, job_info, states_of
from hub.protocol.job_streams import log_response, metrics_response
from hub.protocol.tree import next_link
from hub.protocol.wire import Ask, wire

_MOST_TAIL = 1_000_000


@wire("GET")
def flavors(ask: Ask) -> HttpResponse:
    """The classes of devices that workers of this hub have; nothing costs money."""
    return json_response(hardware(offers.list_workers(ask.viewer)))


@wire("POST")
def run(ask: Ask, *, account: str) -> HttpResponse:
    asked = read_body(json_body(ask.request), account)
    made = orders.order(by=ask.viewer, order=asked.order, owner=account, labels=asked.labels)
    return _told(ask, made.public_id)


@wire("GET")
def listing(ask: Ask, *, account: str) -> HttpResponse:
    """The newest first, page after page: of these stages, with all of these labels."""
    _check_account(ask, account)
    stages = values_of(ask.request, "stage")
    page = selectors.list_jobs(
        ask.viewer,
        owner=account,
        after=ask.request.GET.get("cursor", ""),
        limit=number_of(ask.request, "limit", default=selectors.PAGE, most=selectors.PAGE),
        states=states_of(stages) or _stages_of_nothing(stages),
        labels=_labels(ask.request),
    )
    response = json_response([job_info(job) for job in page.jobs])
    if page.next:
        response["Link"] = next_link(ask.request, page.next)
    return response


@wire("GET")
def inspect(ask: Ask, **at: str) -> HttpResponse:
    return json_response(job_info(_found(ask, **at)))


@wire("GET")
def logs(ask: Ask, **at: str) -> HttpResponseBase:
    found, tail = _found(ask, **at), None
    if "tail" in ask.request.GET:
        tail = number_of(ask.request, "tail", default=1, most=_MOST_TAIL)
    return log_response(ask.viewer, found, tail)


@wire("GET")
def metrics(ask: Ask, **at: str) -> HttpResponseBase:
    return metrics_response(ask.viewer, _found(ask, **at))


@wire("POST")
def cancel(ask: Ask, **at: str) -> HttpResponse:
    found = _found(ask, **at)
    cancelling.cancel(by=ask.viewer, job=found)
    return _told(ask, found.public_id)


@wire("PUT")
def label(ask: Ask, **at: str) -> HttpResponse:
    found = _found(ask, **at)
    labels.set_labels(by=ask.viewer, job=found, labels=json_body(ask.request).get("labels"))
    return _told(ask, found.public_id)


@wire("POST")
def duplicate(ask: Ask, **at: str) -> HttpResponse:
    """The same again, as a job of its own, once the first is over."""
    return _told(ask, orders.repeat(by=ask.viewer, job=_found(ask, **at)).public_id)


def _told(ask: Ask, public_id: str) -> HttpResponse:
    return json_response(job_info(selectors.find_job(ask.viewer, public_id)))


def _found(ask: Ask, *, account: str, job: str) -> Any:
    """Missing, hidden and of another account look alike."""
    found = selectors.find_job(ask.viewer, job)
    if found.owner.name.lower() != account.lower():
        raise NoSuchJob
    return found


def _check_account(ask: Ask, account: str) -> None:
    """An account that isn't the viewer's looks as one that isn't there."""
    if not ask.viewer.is_signed_in:
        raise NotSignedIn("Send an access token to see jobs: Authorization: Bearer hs_…")
    if not selectors.speaks_for(ask.viewer, account):
        raise NoSuchJob(f"You have no jobs of {account[:96]!r} to see: it is not your account, nor an organisation's "
                        "that you are a member of.")  # fmt: skip


def _stages_of_nothing(stages: list[str]) -> list[str]:
    """DELETED and UPDATING are stages elsewhere: no job here ever is at one, so there are none to list."""
    unknown = {stage.upper() for stage in stages} - {*STAGES.values(), "DELETED", "UPDATING"}
    if unknown:
        raise InvalidInput(f"There is no stage {min(unknown)[:40]!r}. Use {', '.join(dict.fromkeys(STAGES.values()))}.")
    return ["none"] if stages else []


def _labels(request: HttpRequest) -> dict[str, str]:
    pairs = [each.partition("=") for each in values_of(request, "label")]
    for name, _, value in pairs:
        check_label(name, value)
    return {name: value for name, _, value in pairs}
