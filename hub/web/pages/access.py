"""The way through a gate: what it says and asks, how one's request stands, and the licence texts to accept."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.safestring import SafeString

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError, InvalidInput
from hub.governance.gates import BadAnswers
from hub.governance.selectors import access as selectors
from hub.governance.selectors.texts import address_of, texts_of
from hub.governance.services import acceptances
from hub.governance.services import access as services
from hub.governance.services.licences import WORDS
from hub.web import markdown
from hub.web.access_forms import AcceptForm, RequestForm
from hub.web.licence_forms import label_of
from hub.web.pages import links, repo

_TONES = {"pending": "warn", "accepted": "ok", "rejected": "bad", "ended": ""}


@dataclass(frozen=True)
class Standing:
    """How a request stands, for the viewer or an organisation of theirs. `withdraw` is its id, where that can be."""

    who: str
    said: str
    tone: str
    at: dt.datetime
    until: dt.datetime | None
    reason: str
    withdraw: str


@dataclass(frozen=True)
class TextShown:
    """`accepted` says by whom it was, and until when; `form` accepts it. Without a text it can't be.

    `properties` (label, value): what the table knows of the licence, where it has no text; `text` is their JSON then.
    """

    licence: str
    sha256: str
    text: str
    source: str
    source_url: str
    properties: tuple[tuple[str, str], ...]
    is_required: bool
    accepted: tuple[str, ...]
    form: Form | None


@dataclass(frozen=True)
class AccessPage:
    title: str
    banner: repo.Banner
    heading: str
    prompt: SafeString
    description: SafeString
    button: str
    state: str
    tone: str
    standing: tuple[Standing, ...]
    form: Form | None
    tries_again: bool
    texts: tuple[TextShown, ...]
    texts_words: str
    sign_in_url: str
    requests_url: str
    agreements_url: str


@dataclass(frozen=True)
class Forms:
    """The forms of the page, by what they do; texts by their hash."""

    request: RequestForm
    texts: dict[str, AcceptForm]
    organisations: dict[str, Any]


def forms_of(viewer: Viewer, place: repo.Place, action: str, data: Any) -> Forms:
    """The one that was sent has what was filled in."""
    led = {each.namespace.name: each for each in selectors.organisations_led_by(viewer)} if viewer.user else {}
    gate = selectors.gate_at(place.repo)
    asked = RequestForm(data if action == "ask" else None, gate=gate, organisations=led, initial={"organisation": ""})
    chosen = data.get("text_sha256", "") if action == "accept" else ""
    sent = {chosen: AcceptForm(data, organisations=led, prefix="")} if chosen else {}
    return Forms(asked, sent, led)


def act(viewer: Viewer, place: repo.Place, action: str, forms: Forms, data: Any) -> str:
    """Do what was sent, and say it; nothing said: the form says what is wrong with it."""
    if action == "withdraw":
        services.withdraw(by=viewer, request=selectors.own_request(viewer, data.get("request", "")))
        return "Your request is withdrawn."
    if action == "ask":
        return _tried(forms.request, lambda: _ask(viewer, place, forms))
    if action == "accept" and forms.texts:
        [form] = forms.texts.values()
        return _tried(form, lambda: _accept(viewer, place, forms, form))
    raise InvalidInput("This form can't do that. Load the page again.")


def build(viewer: Viewer, place: repo.Place, forms: Forms) -> AccessPage:
    it, gate = place.repo, forms.request.gate
    requests = selectors.requests_for(viewer, it) if viewer.user else []
    may_read, at = selectors.may_read_gated(viewer, it), (it.kind, it.full_name)
    texts = _texts(viewer, place, forms)
    waits = any(each.status == "pending" and not each.replaced_at for each in requests if _is_own(each))
    may_ask = bool(viewer.user and it.gate and (not may_read or forms.organisations) and not waits)
    base = markdown.Base(*place.at)
    return AccessPage(
        title=f"Access · {it.full_name}",
        banner=repo.banner(place, "access"),
        heading=gate.heading or f"Access to {it.full_name}",
        prompt=markdown.render(gate.prompt, base) if gate.prompt else SafeString(""),
        description=markdown.render(gate.description, base) if gate.description else SafeString(""),
        button=gate.button or "Ask for access",
        state=_state(it, may_read),
        tone="ok" if may_read else "warn",
        standing=tuple(_standing(each) for each in requests) if it.gate else (),
        form=forms.request if may_ask and not it.is_disabled else None,
        tries_again=any(each.status == "rejected" for each in requests),
        texts=texts,
        texts_words=_texts_words(texts),
        sign_in_url="" if viewer.user else f"/login?next={links.access_url(*at)}",
        requests_url=links.access_settings_url(*at) if place.may_write else "",
        agreements_url=links.agreements_url() if viewer.user else "",
    )


def _ask(viewer: Viewer, place: repo.Place, forms: Forms) -> str:
    form = forms.request
    organisation = forms.organisations.get(form.cleaned_data.get("organisation", ""))
    made = services.request_access(
        by=viewer,
        repo=place.repo,
        fields=form.answers(),
        message=form.cleaned_data["message"],
        organisation=organisation,
    )
    return "You may read its files now." if made.status == "accepted" else "You have asked. Its owner decides."


def _accept(viewer: Viewer, place: repo.Place, forms: Forms, form: AcceptForm) -> str:
    told = form.cleaned_data
    organisation = forms.organisations.get(told.get("organisation", ""))
    made = acceptances.accept_shown(
        by=viewer,
        repo=place.repo,
        text_sha256=told["text_sha256"],
        organisation=organisation,
        reference=told["reference"],
        expires_at=told["until"],
    )
    return f"{made.licence} is accepted for {organisation or 'you'}."


def _tried(form: Any, deed: Any) -> str:
    if not form.is_valid():
        return ""
    try:
        return str(deed())
    except BadAnswers as error:
        names = {field.name: f"field-{at}" for at, field in enumerate(form.gate.fields)}
        for name, fault in error.detail["faults"].items():
            form.add_error(names.get(name), fault)
    except HubError as error:
        form.add_error(None, error.message)
    return ""


def _state(it: Any, may_read: bool) -> str:
    if not it.gate:
        return "Not gated: whoever sees it may pull it"
    if may_read:
        return "You may read its files"
    return "Access is given at once" if it.gate == "auto" else "Its owner decides"


def _is_own(request: Any) -> bool:
    return request.reader.kind == "user"


def _standing(request: Any) -> Standing:
    name = "ended" if request.replaced_at or _is_over(request) else request.status
    said = {"pending": "Waiting", "accepted": "Accepted", "rejected": "Rejected", "ended": "Ended"}[name]
    return Standing(
        who="You" if _is_own(request) else request.reader.name,
        said=said,
        tone=_TONES[name],
        at=request.replaced_at or request.decided_at or request.asked_at,
        until=request.expires_at if name == "accepted" else None,
        reason=request.reason,
        withdraw=request.public_id if name in ("pending", "accepted") else "",
    )


def _is_over(request: Any) -> bool:
    return not selectors.is_current(request)


def _texts(viewer: Viewer, place: repo.Place, forms: Forms) -> tuple[TextShown, ...]:
    found = texts_of(viewer, place.repo)
    held = selectors.acceptances_by_text(viewer, [one.sha256 for one in found])
    return tuple(_text(place, one, held.get(one.sha256, []), viewer, forms) for one in found)


def _text(place: repo.Place, one: Any, held: list[Any], viewer: Viewer, forms: Forms) -> TextShown:
    is_own = one.shown_at == address_of(place.repo)
    form = forms.texts.get(one.sha256) or AcceptForm(
        organisations=forms.organisations,
        initial={"text_sha256": one.sha256, "organisation": ""},
        auto_id=f"id_{one.sha256[:8]}_%s",
    )
    return TextShown(
        licence=one.licence,
        sha256=one.sha256,
        text=one.text,
        source=one.path if is_own else (one.shown_at.removeprefix("datasets/") or "this hub's table of licences"),
        source_url=links.file_url(*place.at, one.path) if is_own and one.path else "",
        properties=_properties(one.row or {}),
        is_required=one.is_required,
        accepted=tuple(_held(each) for each in held),
        form=form if viewer.user and one.text else None,
    )


def _properties(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the row says, in words; nothing of what it leaves open."""
    told = ((name, value.replace("_", " ") if name in WORDS else value) for name, value in row.items() if value)
    return tuple((label_of(name), value) for name, value in told)


def _held(each: Any) -> str:
    until = f", until {each.expires_at:%-d %B %Y}" if each.expires_at else ""
    whose = f"For {each.organisation} by {each.user.username}" if each.organisation else "By you"
    return f"{whose} on {each.accepted_at:%-d %B %Y}{until}{f', {each.reference}' if each.reference else ''}"


def _texts_words(texts: tuple[TextShown, ...]) -> str:
    missing = sum(one.is_required and not one.accepted for one in texts)
    if missing:
        return f"{missing} of these texts must be accepted before it can be pulled."
    return "Accepting is on record by the text's digest: a changed text is accepted anew."
