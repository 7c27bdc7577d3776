"""Get past the triggers of the audit log, as somebody with the database in their hands would."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

_triggers = import_module("hub.audit.migrations.0003_append_only")


@contextmanager
def unguarded() -> Iterator[None]:
    """The log's rows can be changed and deleted."""
    _triggers.unguard(connection)
    try:
        yield
    finally:
        _triggers.guard(connection)


def flush_unguarded(teardown: Any) -> Any:
    """Django empties the tables after a test with transactions of its own; on SQLite the triggers would refuse."""

    def torn_down(case: Any) -> None:
        if connection.vendor == "sqlite" and "audit_auditevent" in connection.introspection.table_names():
            with unguarded():
                teardown(case)
        else:
            teardown(case)

    return torn_down
