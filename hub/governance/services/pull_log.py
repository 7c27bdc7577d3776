"""Record pulls: what is allowed adds up in memory and is written within a second, denials are written at once."""

import atexit
import datetime as dt
import logging
import threading
from collections import Counter
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.models import F

from hub.accounts.viewer import Viewer
from hub.audit.services import Entry, record_many
from hub.catalog.selectors import Revision
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.models import PullRecord
from hub.governance.models import Revision as Reviewed
from hub.governance.policy.decision import PullDecision

INTERVAL = 1.0
# Files asked for within this time, by the same person for the same purpose, are one pull.
ONE_PULL = dt.timedelta(minutes=10)
# The same denial again within this time adds to the first one.
_QUIET = 60.0
_BATCH = 100
_MOST_SEEN = 10_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pulled:
    """What pulls are added up by."""

    by: str
    repo_id: int
    repo_kind: str
    repo_name: str
    commit: str
    asked: str
    profile_id: int | None
    profile_name: str
    environment: str
    purpose: str
    outcome: str
    rules: tuple[str, ...]
    client: str


class _Buffer:
    """Pulls of this process that aren't written yet, and the timer that will."""

    def __init__(self) -> None:
        self._files: Counter[Pulled] = Counter()
        self._denied: dict[Pulled, dt.datetime] = {}
        self._lock = threading.Lock()
        self.timer: threading.Timer | None = None

    def add(self, pulled: Pulled, files: int, *, arm: bool = True) -> None:
        with self._lock:
            self._files[pulled] += files
            if arm and self.timer is None:
                self.timer = threading.Timer(INTERVAL, _flush_later)
                self.timer.daemon = True
                self.timer.start()

    def take(self) -> dict[Pulled, int]:
        with self._lock:
            taken, self._files = dict(self._files), Counter()
            if self.timer:
                self.timer.cancel()
                self.timer = None
            return taken

    def fired(self) -> None:
        with self._lock:
            self.timer = None

    def is_new_denial(self, pulled: Pulled) -> bool:
        """Whether nobody was told so a moment ago."""
        now = clock.now()
        with self._lock:
            last = self._denied.get(pulled)
            if last and (now - last).total_seconds() < _QUIET:
                return False
            if len(self._denied) >= _MOST_SEEN:
                self._denied.clear()
            self._denied[pulled] = now
            return True

    def forget(self) -> None:
        self._denied.clear()


_buffer = _Buffer()


def note(viewer: Viewer, at: Revision, decision: PullDecision, *, client: str, files: int) -> None:
    """Count `files` of this pull; a denial counts whatever was asked."""
    if not files and not decision.is_denied:
        return
    pulled = Pulled(
        by=viewer.name,
        repo_id=at.repo.pk,
        repo_kind=at.repo.kind,
        repo_name=at.repo.full_name,
        commit=at.commit,
        asked=at.name[:255],
        profile_id=decision.profile_id,
        profile_name=decision.profile,
        environment=decision.environment,
        purpose=decision.purpose[:100],
        outcome=decision.outcome,
        rules=tuple(decision.codes),
        client=client[:100],
    )
    if decision.is_denied and _buffer.is_new_denial(pulled):
        _write_denial(pulled)
    else:
        _buffer.add(pulled, max(files, 1))


def flush_pulls() -> None:
    """Write what this process has seen. What can't be written is written later."""
    taken = _buffer.take()
    waiting = list(taken)
    try:
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            with write_transaction():
                record_many([entry for pulled in batch for entry in _write(pulled, taken[pulled])])
            for pulled in batch:
                del taken[pulled]
    finally:
        for pulled, files in taken.items():
            _buffer.add(pulled, files, arm=False)


def forget_pulls() -> None:
    """Drop what was seen and not written, for tests; a write that has begun is waited for."""
    timer = _buffer.timer
    _buffer.take()
    _buffer.forget()
    if timer:
        timer.join(timeout=10)


def _write_denial(pulled: Pulled) -> None:
    """A hub that can't write still denies: then the denial waits in memory."""
    try:
        with write_transaction():
            record_many(_write(pulled, 1))
    except DatabaseError as error:
        logger.warning("A denied pull was not recorded yet; it will be. %s", error)
        _buffer.add(pulled, 1)


def _write(pulled: Pulled, files: int) -> list[Entry]:
    """Inside a transaction: add to the pull that it belongs to, or begin it; what the ledger is to say of that."""
    same = {name: getattr(pulled, name) for name in Pulled.__dataclass_fields__} | {"rules": list(pulled.rules)}
    recent = PullRecord.objects.filter(**same, at__gt=clock.now() - ONE_PULL).order_by("-pk")
    if (known := recent.values_list("pk", flat=True).first()) is not None:
        PullRecord.objects.filter(pk=known).update(files=F("files") + files)
        return []
    PullRecord.objects.create(**same, files=files)
    if not Reviewed.objects.filter(repo_id=pulled.repo_id, commit=pulled.commit).exists():
        enqueue("governance.revision_made", repo=pulled.repo_id, commit=pulled.commit, by="")
    told = {
        "asked": pulled.asked,
        "profile": pulled.profile_name,
        "environment": pulled.environment,
        "purpose": pulled.purpose,
        "rules": list(pulled.rules),
        "client": pulled.client,
    }
    subject = f"{pulled.repo_kind}s/{pulled.repo_name}@{pulled.commit}"
    return [Entry(pulled.by or "anonymous", f"pull.{pulled.outcome}", subject, told)]


def _flush_later() -> None:
    """In a thread of its own, with a connection of its own; the next pull arms it again if this fails."""
    _buffer.fired()
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 1000")
        flush_pulls()
    except DatabaseError as error:
        logger.warning("Pulls were not recorded yet; they will be. %s", error)
    finally:
        connection.close()


@atexit.register
def _flush_at_exit() -> None:
    """Whatever happens, the process ends: what can't be written any more is lost, in one line."""
    try:
        if waiting := _buffer.take():
            for pulled, files in waiting.items():
                _buffer.add(pulled, files, arm=False)
            _flush_later()
    except Exception as error:  # noqa: BLE001 - as above
        logger.warning("The last pulls were not recorded: %r", error)
