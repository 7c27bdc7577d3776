"""Count downloads: in memory, and now and then into the database."""

import atexit
import logging
import threading
from collections import Counter

from django.db import DatabaseError, connection
from django.db.models import Case, F, Value, When

from hub.catalog.models import Repo
from hub.catalog.services.events import changed
from hub.core.transactions import write_transaction

INTERVAL = 3.0
_BATCH = 200

logger = logging.getLogger(__name__)


class _Buffer:
    """Counts by repository, of this process, and the timer that will write them."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    @property
    def timer(self) -> threading.Timer | None:
        return self._timer

    @property
    def is_filled(self) -> bool:
        return bool(self._counts)

    def add(self, counts: dict[int, int], *, arm: bool = True) -> None:
        with self._lock:
            self._counts.update(counts)
            if arm and self._timer is None:
                self._timer = threading.Timer(INTERVAL, _flush_later)
                self._timer.daemon = True
                self._timer.start()

    def fired(self) -> None:
        """The timer runs: the next download starts another one."""
        with self._lock:
            self._timer = None

    def take(self) -> dict[int, int]:
        with self._lock:
            counts, self._counts = dict(self._counts), Counter()
        self.disarm()
        return counts

    def disarm(self) -> None:
        with self._lock:
            if self._timer:
                self._timer.cancel()
                self._timer = None


_buffer = _Buffer()


def count_download(repo: Repo) -> None:
    """Count one; it is in the database a few seconds later, or when the process ends."""
    _buffer.add({repo.pk: 1})


def flush_downloads() -> None:
    """Write what this process counted. What can't be written is counted again later."""
    counts = _buffer.take()
    ids = sorted(counts)
    try:
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            with write_transaction():
                _write({pk: counts[pk] for pk in batch})
            for pk in batch:
                del counts[pk]
    finally:
        if counts:
            _buffer.add(counts, arm=False)


def forget_downloads() -> None:
    """Drop what was counted and not written, for tests; a write that has begun is waited for."""
    timer = _buffer.timer
    _buffer.take()
    if timer:
        timer.join(timeout=10)


def _write(counts: dict[int, int]) -> None:
    added = Case(*(When(pk=pk, then=Value(count)) for pk, count in counts.items()), default=Value(0))
    Repo.objects.filter(pk__in=counts).update(downloads=F("downloads") + added)
    changed(*counts)


def _flush_later() -> None:
    """In a thread of its own, with a connection of its own; the next download arms it again if this fails."""
    _buffer.fired()
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 1000")
        flush_downloads()
    except DatabaseError as error:
        logger.warning("Downloads were not counted yet; they will be. %s", error)
    finally:
        connection.close()


@atexit.register
def _flush_at_exit() -> None:
    """Whatever happens, the process ends: what can't be written any more is lost, in one line."""
    if not _buffer.is_filled:
        return
    try:
        _flush_later()
    except Exception as error:  # noqa: BLE001 - as above
        logger.warning("The last downloads were not counted: %r", error)
