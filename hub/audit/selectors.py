"""Read the log: by what is asked for, and as lines that can be checked without this hub."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from hub.audit.models import AuditEvent, AuditHead, DailyRoot
from hub.core import signing
from proofs import chain, export

_AT_ONCE = 2_000
_RARE = 20_000
_NAMES = """
WITH RECURSIVE names(action) AS (
    SELECT min(action) FROM audit_auditevent
    UNION ALL
    SELECT (SELECT min(event.action) FROM audit_auditevent AS event WHERE event.action > names.action)
    FROM names WHERE names.action IS NOT NULL
) SELECT action FROM names WHERE action IS NOT NULL
"""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class LedgerState:
    """How far the log goes, and how far it is sealed."""

    number: int
    hash: str
    roots: int
    sealed_until: dt.date | None


def state() -> LedgerState:
    head = AuditHead.objects.filter(pk=1).first()
    last = DailyRoot.objects.order_by("-day").first()
    return LedgerState(
        number=head.number if head else 0,
        hash=head.hash if head else chain.GENESIS,
        roots=DailyRoot.objects.count(),
        sealed_until=last.day if last else None,
    )


def events(
    *,
    actor: str = "",
    action: str = "",
    subject: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[AuditEvent]:
    """The newest first. `action` and `subject` are beginnings, dates are UTC days, both ends included."""
    found = AuditEvent.objects.order_by("-number")
    if actor:
        found = found.filter(actor=actor)
    if action:
        found = found.filter(action__in=[name for name in _actions() if name.startswith(action)])
    if subject:
        found = found.filter(begins("subject", subject))
    if since:
        found = found.filter(at__gte=_midnight(since), number__gte=_first_at(_midnight(since) - _DAY) or 0)
    if until:
        found = found.filter(at__lt=_midnight(until + _DAY))
        later = _first_at(_midnight(until + 2 * _DAY))
        found = found.filter(number__lt=later) if later else found
    return found


def begins(field: str, text: str) -> Q:
    """A condition on a column's beginning for lists whose newest entries are wanted first.

    On SQLite LIKE reads no index, and an index on the column has to be sorted: that is for what is rare, while what is
    frequent is soon found from the end. PostgreSQL's planner knows which is which.
    """
    between = Q(**{f"{field}__gte": text, f"{field}__lt": text[:-1] + chr(ord(text[-1]) + 1)})
    is_rare = connection.vendor == "sqlite" and not AuditEvent.objects.filter(between).order_by()[_RARE:].exists()
    return between if is_rare else Q(**{f"{field}__startswith": text})


def _actions() -> list[str]:
    """All that were ever recorded: each looks up the next in the index, as many steps as there are names."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        return [name for (name,) in cursor.fetchall()]


def _first_at(moment: dt.datetime) -> int | None:
    """Number of the first event from then on. Between numbers and times there may be some slack: clocks are set back,
    and whoever asks allows for a day of it."""
    found = AuditEvent.objects.filter(at__gte=moment).order_by("at")
    return found.values_list("number", flat=True).first()


def roots() -> QuerySet[DailyRoot]:
    return DailyRoot.objects.order_by("-day")


def export_lines(since: dt.date | None = None, until: dt.date | None = None) -> Iterator[str]:
    """The export of `proofs.export`, line by line: whole days, both ends included; without dates all there is."""
    sealed = list(DailyRoot.objects.order_by("day"))
    chosen = [row for row in sealed if (not since or row.day >= since) and (not until or row.day <= until)]
    first, last = _bounds(since, until, chosen)
    before = AuditEvent.objects.filter(number=first - 1).first()
    keys = {key.id: key.pem for key in signing.public_keys()}
    yield _line(export.header(first - 1, before.hash if before else chain.GENESIS, keys))
    number = first
    for row in chosen:
        yield from _events(number, row.last)
        yield _line({"root": {"day": row.day.isoformat(), "envelope": row.envelope}})
        number = row.last + 1
    yield from _events(number, last)


def _bounds(since: dt.date | None, until: dt.date | None, chosen: list[DailyRoot]) -> tuple[int, int]:
    """Number of the first and the last event. Sealed days decide; other events go by their time."""
    end = AuditHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    first, last = 1, end
    if since:
        opening = AuditEvent.objects.filter(at__gte=_midnight(since)).order_by("number").first()
        first = chosen[0].first if chosen else opening.number if opening else end + 1
    if until:
        closing = AuditEvent.objects.filter(at__lt=_midnight(until + _DAY)).order_by("-number").first()
        is_sealed = bool(chosen) and chosen[-1].day == until
        last = chosen[-1].last if is_sealed else closing.number if closing else 0
    return first, last


def _events(first: int, last: int) -> Iterator[str]:
    rows = AuditEvent.objects.filter(number__gte=first, number__lte=last).order_by("number")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield _line(export.event_line(row.proof))


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
