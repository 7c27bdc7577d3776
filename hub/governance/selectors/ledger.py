"""The ledger for those who may read it: all of it for administrators, their own repositories' events for owners."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hub.accounts.models import Namespace, Role
from hub.accounts.viewer import Viewer
from hub.audit import selectors as audit
from hub.audit.models import AuditEvent, DailyRoot
from hub.core.errors import NotSignedIn
from hub.governance.permissions import check_governor


@dataclass(frozen=True)
class Asked:
    """What is looked for: `action` and `subject` are beginnings, the days are in UTC and both included."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def ledger_events(viewer: Viewer, asked: Asked) -> QuerySet[AuditEvent]:
    """The newest first. Whoever doesn't administer the hub sees the events of repositories under the names that they
    administer; a token limited to single repositories sees none."""
    if viewer.user is None:
        raise NotSignedIn("Sign in to see the ledger.")
    found = audit.events(**vars(asked))
    return found if viewer.is_admin else found.filter(_own(viewer))


def _own(viewer: Viewer) -> Q:
    own = Q(pk__in=[])
    if not viewer.has_full_powers:
        return own
    administered = [pk for pk, role in viewer.roles.items() if role == Role.ADMIN]
    for name in Namespace.objects.filter(pk__in=administered).values_list("name", flat=True):
        own |= audit.begins("subject", f"models/{name}/") | audit.begins("subject", f"datasets/{name}/")
    return own


def ledger_state(viewer: Viewer) -> audit.LedgerState:
    """How far it goes, and how far it is sealed: no secret, and the same for everybody who is signed in."""
    if viewer.user is None:
        raise NotSignedIn("Sign in to see the ledger.")
    return audit.state()


def ledger_roots(viewer: Viewer) -> QuerySet[DailyRoot]:
    """The signed days. For administrators of the hub."""
    check_governor(viewer, "read the signed roots")
    return audit.roots()
