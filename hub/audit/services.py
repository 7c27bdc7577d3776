"""Append to the log, and check that nobody changed it."""

import hashlib
import json
from typing import Any

from hub.audit.models import GENESIS, AuditEvent, AuditHead
from hub.core import clock


def record(*, by: str, action: str, subject: str, **detail: Any) -> None:
    """Append one event. Call it last inside the write transaction of what it records: it locks the chain's end.

    `by` is a user name, or `system`. `detail` must be JSON and hold no secret.
    """
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    event = AuditEvent(
        number=head.number + 1,
        at=clock.now(),
        actor=by,
        action=action,
        subject=subject,
        detail=detail,
        previous_hash=head.hash,
    )
    event.hash = event_hash(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=event.number, hash=event.hash)


def first_broken() -> int | None:
    """The number of the first event whose hash or link doesn't hold, or None when the whole chain does."""
    expected, previous = 1, GENESIS
    for event in AuditEvent.objects.order_by("number").iterator():
        if event.number != expected or event.previous_hash != previous or event.hash != event_hash(event):
            return expected
        expected, previous = event.number + 1, event.hash
    head = AuditHead.objects.filter(pk=1).first()
    if head and (head.number, head.hash) != (expected - 1, previous):
        return expected
    return None


def event_hash(event: AuditEvent) -> str:
    """sha256 over the event's fields as sorted, compact JSON."""
    fields = {
        "number": event.number,
        "at": event.at.isoformat(),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
        "previous_hash": event.previous_hash,
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
