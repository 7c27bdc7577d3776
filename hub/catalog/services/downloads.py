"""Count downloads: in memory, and now and then into the database, in all and by day and user."""

import atexit
import datetime as dt
import logging
import threading
from collections import Counter
from collections.abc import Mapping
from itertools import chain

from django.db import DatabaseError, connection
from django.db.models import Case, F, Value, When

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.models import PullDay, Repo
from hub.catalog.services.events import changed
from hub.core import clock
from hub.core.transactions import write_transaction

INTERVAL = 3.0
_BATCH = 200

# The query builder can overwrite on conflict, and not add.
_ADD_DAYS = f"""
INSERT INTO {PullDay._meta.db_table} (repo_id, day, "by", count) VALUES {{}}
ON CONFLICT (repo_id, day, "by") DO UPDATE SET count = {PullDay._meta.db_table}.count + excluded.count
"""  # noqa: S608 - the name of our own table
# What was pulled, when (a day in UTC) and by whom (a user name, or empty).
_Pull = tuple[int, dt.date, str]

logger = logging.getLogger(__name__)


class _Buffer:
    """Counts of this process, and the timer that will write them."""

    def __init__(self) -> None:
        self._counts: Counter[_Pull] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    @property
    def timer(self) -> threading.Timer | None:
        return self._timer

    @property
    def is_filled(self) -> bool:
        return bool(self._counts)

    def add(self, counts: Mapping[_Pull, int], *, arm: bool = True) -> None:
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

    def take(self) -> dict[_Pull, int]:
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


def count_download(repo: Repo, *, by: Viewer = ANONYMOUS) -> None:
    """Count one; it is in the database a few seconds later, or when the process ends."""
    _buffer.add({(repo.pk, clock.now().date(), by.name): 1})


def flush_downloads() -> None:
    """Write what this process counted. What can't be written is counted again later."""
    counts = _buffer.take()
    pulls = sorted(counts)
    try:
        for start in range(0, len(pulls), _BATCH):
            batch = pulls[start : start + _BATCH]
            with write_transaction():
                _write({pull: counts[pull] for pull in batch})
            for pull in batch:
                del counts[pull]
    finally:
        if counts:
            _buffer.add(counts, arm=False)


def forget_downloads() -> None:
    """Drop what was counted and not written, for tests; a write that has begun is waited for."""
    timer = _buffer.timer
    _buffer.take()
    if timer:
        timer.join(timeout=10)


def _write(counts: Mapping[_Pull, int]) -> None:
    """The repositories are locked first, in one order: none goes away before its days are written, and two who write
    at once can't lock each other out."""
    totals: Counter[int] = Counter()
    for (pk, _, _), count in counts.items():
        totals[pk] += count
    locked = Repo.objects.select_for_update().filter(pk__in=totals).order_by("pk")
    there = set(locked.values_list("pk", flat=True))
    added = Case(*(When(pk=pk, then=Value(count)) for pk, count in totals.items()), default=Value(0))
    Repo.objects.filter(pk__in=there).update(downloads=F("downloads") + added)
    rows = [(*pull, count) for pull, count in counts.items() if pull[0] in there]
    if rows:
        places = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(_ADD_DAYS.format(places), list(chain.from_iterable(rows)))
    changed(*there)


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
