"""Check the ledger on request, and hand it out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.audit import selectors, services
from hub.core.errors import Unprocessable
from hub.core.transactions import write_transaction
from hub.governance.permissions import check_governor

_AT_ONCE = 200_000


@dataclass(frozen=True)
class Check:
    """`broken` is the first event that is not as written; `problems` are of the signed days, in words."""

    events: int
    broken: int | None
    problems: tuple[str, ...]


def check_ledger(*, by: Viewer) -> Check:
    """From the first event to the last. For administrators; a ledger that takes minutes is checked by command."""
    check_governor(by, "check the ledger")
    count = selectors.state().number
    if count > _AT_ONCE:
        raise Unprocessable(f"{count:,} events take minutes to check. Run on the hub: headstart audit verify")
    return Check(count, services.first_broken(), tuple(services.broken_roots()))


def export_ledger(*, by: Viewer, since: dt.date | None, until: dt.date | None) -> Iterator[str]:
    """The export, line by line. For administrators of the hub; that they took it is an event, and in it."""
    check_governor(by, "export the ledger")
    with write_transaction():
        days = {name: day.isoformat() for name, day in (("since", since), ("until", until)) if day}
        services.record(by=by.name, action="ledger.export", subject="hub", **days)
    return selectors.export_lines(since, until)
