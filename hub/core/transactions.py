"""The one way to write: a durable transaction, queued fairly on SQLite."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from hub.core.errors import OutOfSpace

_held = threading.local()
_FULL = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE"}


@contextmanager
def write_transaction() -> Iterator[None]:
    """An outermost transaction that is durable once the block ends.

    A database that can't grow any more is `OutOfSpace`, and nothing of the block was written.
    SQLite's busy handler polls and starves writers under load (p99 700 ms); a file lock lets them queue (38 ms).
    """
    try:
        with _write_lock(), transaction.atomic(durable=True):
            yield
    except DatabaseError as error:
        if is_full(error):
            raise OutOfSpace from error
        raise


def is_full(error: DatabaseError) -> bool:
    """Whether the database's disk is full, as SQLite and PostgreSQL say it."""
    cause = error.__cause__
    return getattr(cause, "sqlite_errorname", "") in _FULL or getattr(cause, "sqlstate", "") == "53100"


@contextmanager
def _write_lock() -> Iterator[None]:
    path: Path | None = settings.WRITE_LOCK
    if path is None or getattr(_held, "by_us", False):
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _held.by_us = True
        try:
            yield
        finally:
            _held.by_us = False
