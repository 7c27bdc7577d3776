"""One licence of the table: its properties and history."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.licences.table import COLUMNS, licence_of_row, row_of_licence, shipped
from hub.governance.permissions import check_governor
from hub.governance.selectors.licence_table import licence_history
from hub.governance.services import licences as services
from hub.web.licence_forms import LicenceForm, label_of
from hub.web.pages.licence_list import LIST_URL, NEW, spaced
from hub.web.pages.licence_view import licence_url


@dataclass(frozen=True)
class Version:
    number: int
    by: str
    at: dt.datetime
    reason: str
    changed: str


@dataclass(frozen=True)
class LicencePage:
    title: str
    list_url: str
    facts: tuple[tuple[str, str], ...]
    versions: tuple[Version, ...]
    is_shipped: bool
    form: Any
    verb: str


def build(viewer: Viewer, name: str, form: Any = None) -> LicencePage:
    """Raises `LicenceNotFound`."""
    known = licence_history(name)
    rows = [row_of_licence(licence_of_row(each.properties)) for each in known.versions]
    base = shipped().rows.get(known.licence.id)
    rows.append(row_of_licence(base) if base else {})
    versions = tuple(
        Version(each.number, each.by, each.at, each.reason, _changed(rows[at], rows[at + 1]))
        for at, each in enumerate(known.versions)
    )
    own = form or LicenceForm(licence=known.licence)
    facts = tuple((label_of(column), spaced(value)) for column, value in row_of_licence(known.licence).items())
    return LicencePage(
        title=known.licence.name,
        list_url=LIST_URL,
        facts=facts,
        versions=versions,
        is_shipped=known.is_shipped,
        form=own if viewer.is_admin else None,
        verb="Correct it",
    )


def build_new(viewer: Viewer, form: Any = None) -> LicencePage:
    """Raises unless the viewer administers the hub."""
    check_governor(viewer, "add a licence")
    return LicencePage("Add a licence", LIST_URL, (), (), False, form or LicenceForm(), "Add it")


def form_of(viewer: Viewer, name: str, data: Any) -> LicenceForm:
    check_governor(viewer, "change the table of licences")
    return LicenceForm(data, licence=None if name == NEW else licence_history(name).licence)


def save(viewer: Viewer, form: LicenceForm) -> str:
    """Where to look at it."""
    told = form.cleaned_data
    version = services.set_licence(by=viewer, properties=form.properties(), text=told["text"], reason=told["reason"])
    return licence_url(version.licence)


def _changed(new: dict[str, str], old: dict[str, str]) -> str:
    return ", ".join(label_of(name).lower() for name in COLUMNS if old and new[name] != old.get(name, ""))
