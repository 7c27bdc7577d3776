"""Waivers as somebody may see and act on them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import seen_by
from hub.core import clock
from hub.core.text import digits
from hub.governance.errors import WaiverNotFound
from hub.governance.models import Waiver
from hub.governance.permissions import domains_of

_MOST = 200


@dataclass(frozen=True)
class WaiverAt:
    """`state`: asked for, holds, ended or run out."""

    waiver: Waiver
    state: str
    may_grant: bool
    may_end: bool


def waivers_for(viewer: Viewer) -> list[WaiverAt]:
    """Those on repositories that the viewer may see, the newest first."""
    is_reviewer = bool(domains_of(viewer))
    return [_at(viewer, waiver, is_reviewer=is_reviewer) for waiver in _seen(viewer).order_by("-pk")[:_MOST]]


def find_waiver(viewer: Viewer, key: str) -> Waiver:
    waiver = _seen(viewer).filter(pk=digits(key) or 0).first()
    if waiver is None:
        raise WaiverNotFound
    return waiver


def _seen(viewer: Viewer) -> QuerySet[Waiver]:
    return Waiver.objects.filter(seen_by(viewer)).select_related("repo__owner", "profile")


def _at(viewer: Viewer, waiver: Waiver, *, is_reviewer: bool) -> WaiverAt:
    state = "asked for" if waiver.approved_at is None else "holds"
    if waiver.ended_at:
        state = "ended"
    elif waiver.expires_at <= clock.now():
        state = "run out"
    is_open = state in ("asked for", "holds")
    is_own = bool(viewer.name) and viewer.name == waiver.requested_by
    may_grant = state == "asked for" and is_reviewer and not is_own
    return WaiverAt(waiver, state, may_grant, is_open and (is_own or is_reviewer))
