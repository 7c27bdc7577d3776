"""Who asked for access to a repository, for whoever decides; and for how long it is given."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.core.errors import HubError, InvalidInput
from hub.core.text import digits
from hub.governance.selectors import access as selectors
from hub.governance.services import access as services
from hub.web.access_forms import PERIODS, GrantForm, PeriodForm
from hub.web.pages import links, repo, words

PER_PAGE = 50
_STATES = (("pending", "Waiting"), ("accepted", "Accepted"), ("rejected", "Rejected"))
# What can be done with a request in each state: value of the button, its label, its tone.
_STEPS = {
    "pending": (("accepted", "Accept", "primary"), ("rejected", "Reject", "danger")),
    "accepted": (("pending", "Take back", ""), ("rejected", "Reject", "danger")),
    "rejected": (("accepted", "Accept", "primary"), ("pending", "Let it wait", "")),
}


@dataclass(frozen=True)
class Step:
    value: str
    label: str
    tone: str


@dataclass(frozen=True)
class Row:
    public_id: str
    name: str
    url: str
    full_name: str
    email: str
    asked_by: str
    asked_at: dt.datetime
    answers: tuple[tuple[str, str], ...]
    message: str
    decided: str
    reason: str
    until: dt.datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class AccessSettingsPage:
    title: str
    banner: repo.Banner
    is_gated: bool
    gate_words: str
    settings_url: str
    tabs: tuple[repo.Tab, ...]
    state: str
    rows: tuple[Row, ...]
    next_url: str
    periods: tuple[tuple[str, str], ...]
    grant: Form
    period: Form
    report_url: str
    access_url: str


@dataclass(frozen=True)
class Forms:
    grant: GrantForm
    period: PeriodForm


def place_of(viewer: Viewer, address: repo.Address) -> repo.Place:
    place = repo.find(viewer, address)
    services.check_decides(viewer, place.repo)
    return place


def forms_of(place: repo.Place, action: str, data: Any) -> Forms:
    days = {"days": str(selectors.access_days(place.repo) or "")}
    grant = GrantForm(data if action == "grant" else None, initial=days, auto_id="id_grant_%s")
    return Forms(grant, PeriodForm(data if action == "period" else None, initial=days, auto_id="id_period_%s"))


def act(viewer: Viewer, place: repo.Place, action: str, forms: Forms, data: Any) -> str:
    """Do what was sent, and say it; nothing said: the form says what is wrong with it."""
    if action in dict(_STATES):
        return _decide(viewer, place, action, data)
    if action == "grant":
        return _grant(viewer, place, forms.grant)
    if action == "period" and forms.period.is_valid():
        services.set_period(by=viewer, repo=place.repo, days=digits(forms.period.cleaned_data["days"]))
        return "The period is set, for access that is given from now on."
    if action == "period":
        return ""
    raise InvalidInput("This form can't do that. Load the page again.")


def build(viewer: Viewer, place: repo.Place, forms: Forms, *, state: str, offset: int = 0) -> AccessSettingsPage:
    it, at = place.repo, (place.repo.kind, place.repo.full_name)
    here, state = links.access_settings_url(*at), state if state in dict(_STATES) else "pending"
    found = list(selectors.access_requests(viewer, it, state)[offset : offset + PER_PAGE + 1])
    return AccessSettingsPage(
        title=f"Requests for access · {it.full_name}",
        banner=repo.banner(place, "settings"),
        is_gated=bool(it.gate),
        gate_words=it.get_gate_display(),
        settings_url=links.settings_url(*at) if place.may_administer else "",
        tabs=tuple(repo.Tab(label, f"{here}?state={value}", value == state) for value, label in _STATES),
        state=dict(_STATES)[state].lower(),
        rows=tuple(_row(request) for request in found[:PER_PAGE]),
        next_url=f"{here}?state={state}&from={offset + PER_PAGE}" if len(found) > PER_PAGE else "",
        periods=PERIODS,
        grant=forms.grant,
        period=forms.period,
        report_url=f"{links.repo_url(*at)}/user-access-report",
        access_url=links.access_url(*at),
    )


def _decide(viewer: Viewer, place: repo.Place, status: str, data: Any) -> str:
    request = selectors.access_request(viewer, place.repo, public_id=data.get("request", "-") or "-")
    days = digits(data.get("days", "")) if status == "accepted" else None
    services.decide(by=viewer, request=request, status=status, reason=data.get("reason", ""), days=days)
    said = {"accepted": "may read its files now", "rejected": "is rejected", "pending": "waits again, without access"}
    return f"{request.reader.name} {said[status]}."


def _grant(viewer: Viewer, place: repo.Place, form: GrantForm) -> str:
    if not form.is_valid():
        return ""
    try:
        reader = accounts.find_namespace(form.cleaned_data["reader"].strip())
        services.grant(by=viewer, repo=place.repo, reader=reader, days=digits(form.cleaned_data["days"]))
    except HubError as error:
        form.add_error("reader", error.message)
        return ""
    return f"{reader.name} may read its files now."


def _row(request: Any) -> Row:
    name, is_person = request.reader.name, request.reader.kind == "user"
    person = request.reader.user if is_person else request.reader.organisation
    asker = request.asked_by.username if request.asked_by else ""
    by = "" if request.decided_by in ("", "system") else f" by {request.decided_by}"
    decided = f"decided{by} {words.ago(request.decided_at)}" if request.decided_at else ""
    return Row(
        public_id=request.public_id,
        name=name,
        url=links.owner_url(name),
        full_name=person.full_name if person.full_name != name else "",
        email=person.email if is_person and not request.is_granted else "",
        asked_by="" if is_person else asker,
        asked_at=request.asked_at,
        answers=tuple((label, "yes" if value is True else str(value)) for label, value in request.fields.items()),
        message=request.message,
        decided="granted unasked" if request.is_granted else decided,
        reason=request.reason,
        until=request.expires_at,
        steps=tuple(Step(*step) for step in _STEPS[request.status]),
    )
