"""Which licence texts somebody accepted, or an organisation of theirs."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.selectors import shelf
from hub.governance.selectors import access as selectors
from hub.governance.services import acceptances
from hub.web.pages import links
from hub.web.pages.links import Link

PER_PAGE = 50


@dataclass(frozen=True)
class Agreement:
    public_id: str
    licence: str
    sha256: str
    shown_at: Link | None
    whose: str
    by: str
    reference: str
    at: dt.datetime
    state: str
    tone: str
    end: dt.datetime | None
    may_end: bool


@dataclass(frozen=True)
class AgreementsPage:
    rows: tuple[Agreement, ...]
    next_url: str
    title: str = "Agreements"


def build(viewer: Viewer, *, offset: int = 0) -> AgreementsPage:
    found = list(selectors.agreements_of(viewer)[offset : offset + PER_PAGE + 1])
    page = found[:PER_PAGE]
    here = shelf.repos_here(viewer, {_address(each.shown_at) for each in page if each.shown_at})
    led = {each.pk for each in selectors.organisations_led_by(viewer)}
    return AgreementsPage(
        rows=tuple(_row(viewer, each, led, here) for each in page),
        next_url=f"{links.agreements_url()}?from={offset + PER_PAGE}" if len(found) > PER_PAGE else "",
    )


def end(viewer: Viewer, public_id: str) -> str:
    """End one, and say it."""
    agreed = selectors.agreement(viewer, public_id)
    acceptances.end_acceptance(by=viewer, acceptance=agreed)
    return f"{agreed.licence} is not accepted any more. What was pulled under it stays pulled."


def _address(shown_at: str) -> tuple[str, str]:
    """(kind, owner/name)"""
    is_data = shown_at.startswith("datasets/")
    return ("dataset" if is_data else "model"), shown_at.removeprefix("datasets/")


def _row(viewer: Viewer, each: Any, led: set[int], here: Mapping[Any, Any]) -> Agreement:
    is_live = selectors.is_live(each)
    state = "Holds" if is_live else ("Ended" if each.ended_at else "Ran out")
    kind, name = _address(each.shown_at)
    shown = here.get((kind, name.lower()))
    return Agreement(
        public_id=each.public_id,
        licence=each.licence,
        sha256=each.text_sha256,
        shown_at=Link(shown.full_name, links.access_url(kind, shown.full_name)) if shown else None,
        whose=str(each.organisation) if each.organisation else "You",
        by=each.user.username,
        reference=each.reference,
        at=each.accepted_at,
        state=state,
        tone="ok" if is_live else "",
        end=each.ended_at or each.expires_at,
        may_end=is_live and (each.organisation_id in led if each.organisation_id else each.user == viewer.user),
    )
