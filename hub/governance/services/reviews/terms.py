"""Approvals come to an end, and somebody is told before."""

import datetime as dt

from django.db.models import Q, QuerySet

from hub.core import clock
from hub.core.errors import HubError
from hub.core.transactions import write_transaction
from hub.governance.models import DomainReview, DomainState, Revision, State
from hub.governance.selectors import reviews
from hub.governance.services.reviews.finishing import APPROVED, reopen
from hub.governance.services.reviews.guards import Attempt
from hub.governance.services.reviews.transitions import SYSTEM, lock, log, move, move_domain, tell
from hub.governance.states import Who

# Days before the end.
REMINDERS = (30, 7, 1)


def expire(*, limit: int) -> int:
    """End the approvals whose time is up; how many."""
    due = _approved().filter(expires_at__lte=clock.now()).order_by("expires_at")[:limit]
    return sum(_expire(revision) for revision in list(due))


def remind(*, limit: int) -> int:
    """Tell of approvals that end within 30, 7 and 1 days, once each; of how many."""
    return sum(_remind(days, limit) for days in sorted(REMINDERS))


def lapse_waivers() -> int:
    """Reopen domains that were waived and whose waiver has ended; how many."""
    waived = DomainReview.objects.filter(state=DomainState.WAIVED, revision__state__in=(*APPROVED, State.IN_REVIEW))
    return sum(_lapse(row.revision_id, row.domain) for row in list(waived))


def _lapse(revision_id: int, domain: str) -> bool:
    revision = reviews.fresh(revision_id)
    if reviews.holds_waiver(revision, domain):
        return False
    attempt = Attempt(SYSTEM, reason="The waiver that it rested on has ended.", domain=domain)
    with write_transaction():
        lock(revision)
        move_domain(revision, DomainState.STALE, who=Who.SYSTEM, attempt=attempt, blocking=[attempt.reason])
        reopen(revision, attempt.reason)
    return True


def _expire(revision: Revision) -> bool:
    days = f"Its term of approval ended on {revision.expires_at:%Y-%m-%d}."
    try:
        with write_transaction():
            move(revision, State.EXPIRED, who=Who.SYSTEM, attempt=Attempt(SYSTEM, reason=days), reason=days)
    except HubError:
        # Somebody suspended or renewed it in this very moment.
        return False
    return True


def _remind(days: int, limit: int) -> int:
    """`reminded_at_days` is the least that was told of: a later run tells of nothing twice, and of nothing older."""
    now = clock.now()
    untold = Q(reminded_at_days=None) | Q(reminded_at_days__gt=days)
    near = _approved().filter(untold, expires_at__gt=now, expires_at__lte=now + dt.timedelta(days=days))
    count = 0
    for revision in list(near.order_by("expires_at")[:limit]):
        with write_transaction():
            if Revision.objects.filter(untold, pk=revision.pk, state__in=APPROVED).update(reminded_at_days=days):
                tell(revision, "expiring", by=SYSTEM, word=str(days))
                log(revision, "review.remind", Attempt(SYSTEM), days=days)
                count += 1
    return count


def _approved() -> QuerySet[Revision]:
    return Revision.objects.filter(state__in=APPROVED).select_related("repo__owner")
