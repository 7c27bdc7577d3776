"""An exported ledger: JSON lines, checked from end to end by whoever has the file.

Line 1 says what it is: {"headstart": "ledger", "version": 1, "after": {number, hash}, "keys": {id: PEM}}. Then one line
for each event and, after a day's last event, one for the day's signed root: {"event": {…}} and {"root": {…}}.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from proofs import dsse, merkle
from proofs.canonical import canonical
from proofs.chain import GENESIS, Event, Walk, written
from proofs.keys import BadProof, keys_by_id

ROOT_TYPE = "application/vnd.headstart.ledger-root+json"
VERSION = 1


@dataclass(frozen=True)
class Checked:
    """What a check found. `broken` is the first event that is not as written, `problems` say the rest in words."""

    events: int
    roots: int
    first: int
    last: int
    broken: int | None
    problems: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return self.broken is None and not self.problems


def header(after: int, after_hash: str, keys: dict[str, str]) -> dict[str, Any]:
    return {"headstart": "ledger", "version": VERSION, "after": {"number": after, "hash": after_hash}, "keys": keys}


def event_line(event: Event) -> dict[str, Any]:
    told = {**vars(event), "at": written(event.at)}
    return {"event": told}


def read_event(told: dict[str, Any]) -> Event:
    return Event(**{**told, "at": dt.datetime.fromisoformat(told["at"])})


def root_payload(*, day: dt.date, first: int, count: int, root: str, head: str) -> bytes:
    """What the hub signs of a day: its events are `count` from number `first` on, `head` is the last one's hash."""
    return canonical({"day": day.isoformat(), "first": first, "count": count, "root": root, "head": head})


def sealed(envelope: Any, keys: dict[str, ec.EllipticCurvePublicKey]) -> dict[str, Any]:
    """The day that an envelope seals, if one of the keys signed it; raises `BadProof`."""
    try:
        named = envelope["signatures"][0]["keyid"]
    except (KeyError, TypeError, IndexError) as error:
        raise BadProof("It is not a DSSE envelope.") from error
    if named not in keys:
        raise BadProof(f"It is signed by an unknown key, {str(named)[:16]}.")
    told: dict[str, Any] = json.loads(dsse.opened(envelope, keys[named], ROOT_TYPE))
    return told


def root_problem(
    envelope: Any, keys: dict[str, ec.EllipticCurvePublicKey], hashes: list[str], *, first: int, before: str
) -> str:
    """Why a day's signed root doesn't fit its events, given by number of the first and their hashes (`before`: that
    of the event before them); or empty."""
    try:
        told = sealed(envelope, keys)
    except BadProof as error:
        return str(error)
    head = hashes[-1] if hashes else before
    signed = (told["first"], told["count"], told["root"], told["head"])
    if signed != (first, len(hashes), merkle.root(hashes), head):
        return f"The events of {told['day']} are not those that were signed on that day's end."
    return ""


def check(lines: Iterable[str], trusted: list[str] | None = None) -> Checked:
    """Check an export from end to end. `trusted` are PEM keys to believe; without them, those that the file brings.

    Raises `BadProof` for what is no export at all.
    """
    return _Check(iter(lines), trusted).run()


class _Check:
    def __init__(self, lines: Iterator[str], trusted: list[str] | None) -> None:
        self.lines = lines
        head = _parsed(next(lines, ""))
        if head.get("headstart") != "ledger" or head.get("version") != VERSION:
            raise BadProof("It is not an exported ledger that this program can read.")
        self.keys = keys_by_id(head["keys"] if trusted is None else trusted)
        self.walk = Walk(head["after"]["number"], head["after"]["hash"])
        self.first = self.walk.number + 1
        self.problems: list[str] = [] if self.walk.number or self.walk.hash == GENESIS else ["It begins nowhere."]
        self.broken: int | None = None
        self.events = self.roots = 0
        # The number that the events reach, as they are counted here.
        self.counted = self.walk.number
        # Hashes since the last root, and the hash before them.
        self.open: list[str] = []
        self.before = self.walk.hash
        self.day: dt.date | None = None

    def run(self) -> Checked:
        for line in self.lines:
            told = _parsed(line)
            if "event" in told:
                self._event(told["event"])
            elif "root" in told:
                self._root(told["root"])
            else:
                raise BadProof("A line is neither an event nor a root.")
        return Checked(
            self.events, self.roots, self.first, self.walk.number, self.broken, tuple(self.problems), tuple(self.keys)
        )

    def _event(self, told: dict[str, Any]) -> None:
        try:
            event = read_event(told)
        except (TypeError, ValueError, KeyError) as error:
            raise BadProof("A line doesn't hold an event as it should.") from error
        self.events += 1
        self.counted += 1
        self.open.append(event.hash)
        if self.broken is None:
            self.broken = self.walk.broken([event])

    def _root(self, told: dict[str, Any]) -> None:
        self.roots += 1
        first = self.counted - len(self.open) + 1
        if problem := root_problem(told["envelope"], self.keys, self.open, first=first, before=self.before):
            self.problems.append(problem)
        day = dt.date.fromisoformat(told["day"])
        if self.day is not None and day != self.day + dt.timedelta(days=1):
            self.problems.append(f"Between {self.day} and {day} a signed root is missing.")
        self.day = day
        self.before, self.open = (self.open[-1] if self.open else self.before), []


def _parsed(line: str) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except ValueError as error:
        raise BadProof("A line is not JSON.") from error
    if not isinstance(told, dict):
        raise BadProof("A line is not a JSON object.")
    return told
