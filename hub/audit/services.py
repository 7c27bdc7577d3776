"""Append to the log, seal its days, and check that nobody changed it."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.audit.models import AuditEvent, AuditHead, DailyRoot
from hub.core import clock, signing
from hub.core.transactions import write_transaction
from proofs import chain, export, merkle
from proofs.keys import keys_by_id

_BATCH = 500
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One event to append. `by` is a user name, or `system`; `detail` must be JSON and hold no secret. What happened
    some time ago says so in its detail: the log's own times never go back."""

    by: str
    action: str
    subject: str
    detail: dict[str, Any] = field(default_factory=dict)


def record(*, by: str, action: str, subject: str, **detail: Any) -> None:
    """Append one event. Call it last inside the write transaction of what it records: it locks the chain's end.

    `by` is a user name, or `system`. `detail` must be JSON and hold no secret.
    """
    record_many([Entry(by, action, subject, detail)])


def record_many(events: Iterable[Entry]) -> None:
    """Append several, in their order, with a few queries; inside a write transaction, as `record`."""
    events = list(events)
    if not events:
        return
    head = _lock_head()
    number, previous, rows = head.number, head.hash, []
    for entry in events:
        number += 1
        row = _row(entry, number, previous)
        rows.append(row)
        previous = row.hash
    AuditEvent.objects.bulk_create(rows, batch_size=_BATCH)
    AuditHead.objects.filter(pk=1).update(number=number, hash=previous)


def _lock_head() -> AuditHead:
    """The chain's end, held until the transaction ends; begun by whoever is first."""
    rows = AuditHead.objects.select_for_update().filter(pk=1)
    if head := rows.first():
        return head
    AuditHead.objects.get_or_create(pk=1)
    return rows.get()


def _row(entry: Entry, number: int, previous: str) -> AuditEvent:
    # As the database will give it back: what is hashed now must be what is read later.
    detail = json.loads(json.dumps(entry.detail))
    row = AuditEvent(
        number=number,
        at=clock.now(),
        actor=entry.by,
        action=entry.action,
        subject=entry.subject,
        detail=detail,
        previous_hash=previous,
        version=chain.CURRENT,
    )
    row.hash = chain.event_hash(row.proof)
    return row


def first_broken() -> int | None:
    """The number of the first event that is not as it was written, or None when the whole chain holds."""
    walk = chain.Walk()
    broken = walk.broken(event.proof for event in AuditEvent.objects.order_by("number").iterator())
    if broken is not None:
        return broken
    head = AuditHead.objects.filter(pk=1).first()
    return walk.broken_end(head.number, head.hash) if head else walk.broken_end(0, chain.GENESIS)


def broken_roots() -> list[str]:
    """What is wrong with the signed roots, in words: a day that is missing, changed, or signed by a foreign key."""
    keys = keys_by_id([key.pem for key in signing.public_keys()])
    problems: list[str] = []
    before, expected, first = chain.GENESIS, None, 1
    for row in DailyRoot.objects.order_by("day").iterator():
        if expected is not None and row.day != expected:
            problems.append(f"The signed root of {expected} is missing.")
        numbers = AuditEvent.objects.filter(number__gte=first, number__lt=first + row.count)
        hashes = list(numbers.order_by("number").values_list("hash", flat=True))
        if problem := export.root_problem(row.envelope, keys, hashes, first=first, before=before):
            problems.append(f"{row.day}: {problem}")
        before, first = (hashes[-1] if hashes else before), first + row.count
        expected = row.day + _DAY
    return problems


def seal_days() -> int:
    """Sign a root for each UTC day that is over and has none yet, days without events included. How many."""
    made = 0
    while (day := _next_day()) is not None and day < clock.now().date():
        with write_transaction():
            made += _seal(day)
    return made


def _next_day() -> dt.date | None:
    """The first day without a root: after the last that has one, or of the first event."""
    if last := DailyRoot.objects.order_by("-day").first():
        return last.day + _DAY
    first = AuditEvent.objects.order_by("number").first()
    return first.at.astimezone(dt.UTC).date() if first else None


def _seal(day: dt.date) -> int:
    """Inside a transaction. With the chain's end locked nobody is about to append what happened on that day."""
    head = AuditHead.objects.select_for_update().get(pk=1)
    previous = DailyRoot.objects.order_by("-day").first()
    if previous and previous.day >= day:
        return 0
    first = previous.last + 1 if previous else 1
    end = dt.datetime.combine(day + _DAY, dt.time(), dt.UTC)
    later = AuditEvent.objects.filter(number__gte=first, at__gte=end).order_by("number").first()
    count = (later.number if later else head.number + 1) - first
    numbers = AuditEvent.objects.filter(number__gte=first, number__lt=first + count).order_by("number")
    hashes = list(numbers.values_list("hash", flat=True).iterator())
    told: dict[str, Any] = {
        "day": day,
        "first": first,
        "count": count,
        "root": merkle.root(hashes),
        "head": hashes[-1] if hashes else (previous.head if previous else chain.GENESIS),
    }
    envelope = signing.sign(export.root_payload(**told), export.ROOT_TYPE)
    DailyRoot.objects.create(**told, envelope=envelope)
    return 1


def rotate_key(*, by: str) -> signing.PublicKey:
    """Sign with a new key from now on; the old public key stays listed, and the log tells of both."""
    old, new = signing.key_id(), signing.rotate()
    with write_transaction():
        record(by=by, action="key.rotate", subject="hub", old=old, new=new.id)
    return new
