"""The ledger: who did what, and whether it is as it was written."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms

from hub.accounts.viewer import Viewer
from hub.core.text import storable
from hub.governance.selectors import ledger as selectors
from hub.governance.selectors.ledger import Asked
from hub.governance.services.ledger import check_ledger, export_ledger
from hub.web.pages import links, words

PER_PAGE = 50
_MOST_DETAIL = 2_000


class FilterForm(forms.Form):
    actor = forms.CharField(label="Who", required=False, max_length=200)
    action = forms.CharField(label="Action", required=False, max_length=100, help_text="Or its beginning: repo.")
    subject = forms.CharField(label="Of what", required=False, max_length=400, help_text="Such as models/owner/name.")
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@dataclass(frozen=True)
class Line:
    number: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    url: str
    detail: str
    hash: str


@dataclass(frozen=True)
class LedgerPage:
    form: FilterForm
    lines: tuple[Line, ...]
    next_url: str
    is_all: bool
    is_filtered: bool
    events: str
    head: str
    sealed: str
    export_url: str
    roots_url: str
    title: str = "Ledger"


def build(viewer: Viewer, asked: Mapping[str, Any], *, offset: int) -> LedgerPage:
    form = FilterForm({name: storable(str(asked.get(name, ""))) for name in FilterForm.base_fields})
    told = form.cleaned_data if form.is_valid() else {}
    found = list(selectors.ledger_events(viewer, Asked(**told))[offset : offset + PER_PAGE + 1])
    state = selectors.ledger_state(viewer)
    dates = {name: told[name].isoformat() for name in ("since", "until") if told.get(name)}
    kept = {name: str(value) for name, value in told.items() if value}
    return LedgerPage(
        form=form,
        lines=tuple(map(_line, found[:PER_PAGE])),
        next_url=f"/ledger?{urlencode({**kept, 'from': offset + PER_PAGE})}" if len(found) > PER_PAGE else "",
        is_all=viewer.is_admin,
        is_filtered=bool(kept),
        events=words.plural(state.number, "event"),
        head=state.hash,
        sealed=f"{words.plural(state.roots, 'day')}, the last {state.sealed_until}" if state.roots else "no day yet",
        export_url=f"/ledger/export?{urlencode(dates)}" if dates else "/ledger/export",
        roots_url="/ledger/roots",
    )


def check(viewer: Viewer) -> tuple[bool, str]:
    """Whether all is as it was written, and in words."""
    found = check_ledger(by=viewer)
    faults = [f"Event {found.broken} is not as it was written."] if found.broken is not None else []
    faults += found.problems
    if faults:
        return False, " ".join(faults)
    return True, f"Checked {words.plural(found.events, 'event')} and every signed day: all is as it was written."


def export(viewer: Viewer, asked: Mapping[str, Any]) -> Iterator[str]:
    form = FilterForm({name: asked.get(name, "") for name in ("since", "until")})
    told = form.cleaned_data if form.is_valid() else {}
    return export_ledger(by=viewer, since=told.get("since"), until=told.get("until"))


def roots(viewer: Viewer) -> list[dict[str, Any]]:
    rows = selectors.ledger_roots(viewer)
    return [{"day": row.day.isoformat(), "root": row.root, "envelope": row.envelope} for row in rows]


def _line(row: Any) -> Line:
    detail = json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""
    cut = detail if len(detail) <= _MOST_DETAIL else f"{detail[:_MOST_DETAIL]} …"
    return Line(row.number, row.at, row.actor, row.action, _short(row.subject), _url(row.subject), cut, row.hash)


def _short(subject: str) -> str:
    """A commit by its beginning; the page behind the link has all of it."""
    name, at, commit = subject.partition("@")
    return f"{name}{at}{commit[:12]}"


def _url(subject: str) -> str:
    """The page of a repository; what is gone, or not for the reader, answers there as it always does."""
    kind, _, rest = subject.partition("/")
    name = rest.partition("@")[0]
    if kind not in ("models", "datasets") or name.count("/") != 1:
        return ""
    return links.repo_url(kind.removesuffix("s"), name)
