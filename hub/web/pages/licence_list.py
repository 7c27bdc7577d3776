"""The table of licences: a list to search."""

import re
from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.governance.licences.table import Licence
from hub.governance.selectors.licence_table import current_table
from hub.web.pages.licence_view import licence_url

LIST_URL = "/governance/licences"
NEW = "new"
_PLUS = re.compile(r"(?<=[a-z])\+(?=[a-z])")


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


def build_list(viewer: Viewer, query: str) -> ListPage:
    query = query.strip()[:100]
    words = query.lower().split()
    found = [each for each in current_table() if all(word in _searched(each) for word in words)]
    rows = tuple(_row(each) for each in sorted(found, key=lambda each: each.name.lower()))
    return ListPage("Licences", LIST_URL, query, rows, licence_url(NEW) if viewer.is_admin else "")


def _row(each: Licence) -> Row:
    return Row(
        id=each.id,
        name=each.name,
        url=licence_url(each.id),
        spdx_id=each.spdx_id if each.is_known else "none: a family, or unknown",
        category=spaced(each.category),
        commercial=each.commercial_use,
        share_alike=each.share_alike,
        passed_on=spaced(each.pass_through),
        confidence=each.confidence,
    )


def _searched(each: Licence) -> str:
    return f"{each.id} {each.name} {each.spdx_id} {each.category}".lower()


def spaced(text: str) -> str:
    if text.isdecimal():
        return f"{int(text):,}"
    return text if "://" in text or " " in text else _PLUS.sub(" and ", text.replace("_", " "))
