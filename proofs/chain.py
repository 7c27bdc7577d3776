"""The ledger's chain: each event's hash covers the event and the hash before it."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from proofs.canonical import digest

GENESIS = "0" * 64
# Version 1 is what releases before 0.2 wrote: sorted, compact JSON under the names of the columns.
FIRST, CURRENT = 1, 2


@dataclass(frozen=True)
class Event:
    """One line of the ledger. `at` is in UTC; `version` says how `hash` was made."""

    number: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    detail: Any
    previous_hash: str
    hash: str = ""
    version: int = CURRENT

    def is_right(self) -> bool:
        """Whether `hash` is that of the other fields. What can't be hashed at all is not."""
        try:
            return self.hash == event_hash(self)
        except ValueError:
            return False


def event_hash(event: Event) -> str:
    """SHA-256 over the canonical JSON of {action, actor, data, prev, seq, subject, ts}."""
    if event.version == FIRST:
        return _first_hash(event)
    if event.version != CURRENT:
        raise ValueError(f"Event {event.number} is of version {event.version}, which this program doesn't know.")
    return digest(
        {
            "action": event.action,
            "actor": event.actor,
            "data": event.detail,
            "prev": event.previous_hash,
            "seq": event.number,
            "subject": event.subject,
            "ts": written(event.at),
        }
    )


def written(at: dt.datetime) -> str:
    """A moment in UTC with `Z`, and a fraction of a second only where there is one."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _first_hash(event: Event) -> str:
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


class Walk:
    """Follow a chain from its first event, or from a place whose number and hash are known."""

    def __init__(self, number: int = 0, hash: str = GENESIS) -> None:
        self.number, self.hash = number, hash

    def broken(self, events: Iterable[Event]) -> int | None:
        """The number of the first event that is not as it was written, or None; goes on where it stopped.

        An event whose own hash is right, but whom the next one doesn't name, was hashed again after a change: then it
        is the one, for its successor still bears witness of the original.
        """
        for event in events:
            if event.number != self.number + 1:
                return self.number + 1
            if not event.is_right():
                return event.number
            if event.previous_hash != self.hash:
                return max(self.number, 1)
            self.number, self.hash = event.number, event.hash
        return None

    def broken_end(self, number: int, hash: str) -> int | None:
        """The first event that the known end of the chain (its number and hash) doesn't vouch for."""
        if number == self.number:
            return None if hash == self.hash else max(number, 1)
        return min(number, self.number) + 1
