"""The table of licences: a list to search, and a page for each with its properties and history."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.licences.table import COLUMNS, Licence, licence_of_row, row_of_licence, shipped
from hub.governance.permissions import check_governor
from hub.governance.selectors.licence_table import current_table, licence_history
from hub.governance.services import licences as services
from hub.web.licence_forms import LicenceForm, label_of
from hub.web.pages.licence_view import licence_url

LIST_URL = "/governance/licences"
NEW = "new"


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    url: str
    spdx_id: str
    category: str
    commercial: str
    share_alike: str
    passed_on: str
    confidence: str


@dataclass(frozen=True)
class ListPage:
    title: str
    url: str
    query: str
    rows: tuple[Row, ...]
    new_url: str


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


def build_list(viewer: Viewer, query: str) -> ListPage:
    query = query.strip()[:100]
    words = query.lower().split()
    found = [each for each in current_table() if all(word in _searched(each) for word in words)]
    rows = tuple(_row(each) for each in sorted(found, key=lambda each: each.name.lower()))
    return ListPage("Licences", LIST_URL, query, rows, licence_url(NEW) if viewer.is_admin else "")


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
    facts = tuple((label_of(column), _words(value)) for column, value in row_of_licence(known.licence).items())
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


def _row(each: Licence) -> Row:
    return Row(
        id=each.id,
        name=each.name,
        url=licence_url(each.id),
        spdx_id=each.spdx_id if each.is_known else "none: a family, or unknown",
        category=_words(each.category),
        commercial=each.commercial_use,
        share_alike=each.share_alike,
        passed_on=_words(each.pass_through),
        confidence=each.confidence,
    )


def _searched(each: Licence) -> str:
    return f"{each.id} {each.name} {each.spdx_id} {each.category}".lower()


def _changed(new: dict[str, str], old: dict[str, str]) -> str:
    return ", ".join(label_of(name).lower() for name in COLUMNS if old and new[name] != old.get(name, ""))


def _words(text: str) -> str:
    return text if "://" in text or " " in text else text.replace("_", " ")
