"""Check the ledger on request."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.audit import selectors, services
from hub.core.errors import Unprocessable
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
