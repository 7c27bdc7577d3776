"""What waits for reviewers: the queue, its counts, and who may decide.

A reviewer sees here the repositories that they may see anywhere (`visible_to`): to review a private one takes
membership of its owner. Administrators of the hub see all.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, Severity
from hub.core import clock
from hub.core.text import storable
from hub.governance.models import Domain, DomainReview, DomainState, Reviewer, Revision, State
from hub.governance.permissions import check_reviewer, domains_of

EXPIRES_SOON = dt.timedelta(days=30)
MOST_COUNTED = 100
CLOSED = (
    DomainState.AUTO_PASS,
    DomainState.APPROVED,
    DomainState.CONDITIONAL,
    DomainState.WAIVED,
    DomainState.NOT_APPLICABLE,
)
HOLDING = (State.APPROVED, State.CONDITIONAL)
# The word in the filter for approvals that end soon: no state of its own.
EXPIRING = "expiring"
QUEUED = (State.IN_REVIEW, State.NEEDS_INFO, State.QUARANTINED, State.SUSPENDED, State.INTAKE)
_RISKS = {severity: rank for rank, severity in enumerate(Severity.values)}


@dataclass(frozen=True)
class QueueFilter:
    """What a reviewer asked the queue for; empty values ask for everything.

    `assigned` is a user name, or `nobody`; `is_mine`: a domain is open that the viewer may decide.
    """

    is_mine: bool = False
    domain: str = ""
    state: str = ""
    tier: int | None = None
    assigned: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Queue:
    rows: tuple[Revision, ...]
    total: int
    reviewers: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """Counts of what waits, by state and by open domain; approvals that end soon, and what is suspended."""

    states: tuple[tuple[str, str, int], ...]
    domains: tuple[tuple[str, str, int], ...]
    expiring: tuple[Revision, ...]
    suspended: tuple[Revision, ...]


def queue(viewer: Viewer, asked: QueueFilter, *, offset: int = 0, limit: int = 30) -> Queue:
    """Riskiest first: by tier, by the worst open finding, by what is missing, then the one that waits longest.

    Raises `NotSignedIn` or `NotAReviewer`.
    """
    check_reviewer(viewer)
    found = _asked(viewer, waiting(viewer), asked)
    rows = _in_order(found).select_related("repo__owner", "assigned_to").prefetch_related("domains")
    return Queue(tuple(rows[offset : offset + limit]), found.count(), reviewer_names())


def waiting(viewer: Viewer) -> QuerySet[Revision]:
    """Every revision that somebody should look at. Of what nobody submitted, the newest of a repository alone."""
    now = clock.now()
    later = Revision.objects.filter(repo=OuterRef("repo"), pk__gt=OuterRef("pk"))
    submitted = Q(state__in=(State.IN_REVIEW, State.NEEDS_INFO, State.SUSPENDED))
    ending = Q(state__in=HOLDING, expires_at__lte=now + EXPIRES_SOON)
    fresh = Q(state__in=(State.INTAKE, State.QUARANTINED)) & ~Exists(later)
    return Revision.objects.filter(submitted | ending | fresh, repo__in=Repo.objects.visible_to(viewer))


def waiting_count(viewer: Viewer) -> int | None:
    """How many submitted revisions have a domain open that the viewer may decide, up to `MOST_COUNTED`; None for
    who reviews nothing."""
    domains = domains_of(viewer)
    if not domains:
        return None
    found = waiting(viewer).filter(_open_to(viewer, domains), state=State.IN_REVIEW)
    return found[:MOST_COUNTED].count()


def overview(viewer: Viewer) -> Overview:
    """What anybody may know of the desk: of the repositories that they see, how many wait, and which are stopped."""
    found = waiting(viewer)
    by_state = dict(found.filter(state__in=QUEUED).values_list("state").annotate(Count("pk")))
    by_domain = dict(
        DomainReview.objects.filter(revision__in=found.filter(state=State.IN_REVIEW))
        .exclude(state__in=CLOSED)
        .values_list("domain")
        .annotate(Count("pk"))
    )
    with_names = found.select_related("repo__owner")
    return Overview(
        states=tuple((str(state), str(state.label), by_state.get(state.value, 0)) for state in QUEUED),
        domains=tuple((str(each), str(each.label), by_domain.get(each.value, 0)) for each in Domain),
        expiring=tuple(with_names.filter(state__in=HOLDING).order_by("expires_at")[:10]),
        suspended=tuple(with_names.filter(state=State.SUSPENDED).order_by("-decided_at", "-pk")[:10]),
    )


def reviewers() -> tuple[tuple[str, tuple[Reviewer, ...]], ...]:
    """Who reviews what, by user name: what everybody signed in may know."""
    found: dict[str, list[Reviewer]] = {}
    for row in Reviewer.objects.select_related("user").order_by("user__username", "domain"):
        found.setdefault(row.user.username, []).append(row)
    return tuple((name, tuple(rows)) for name, rows in found.items())


def reviewer_names() -> tuple[str, ...]:
    """User names of who reviews anything."""
    names = Reviewer.objects.values_list("user__username", flat=True)
    return tuple(names.distinct().order_by("user__username"))


def _asked(viewer: Viewer, found: QuerySet[Revision], asked: QueueFilter) -> QuerySet[Revision]:
    if asked.is_mine:
        found = found.filter(_open_to(viewer, domains_of(viewer)))
    if asked.domain:
        found = found.filter(Exists(_open_domains().filter(domain=asked.domain)))
    if asked.state:
        is_ending = asked.state == EXPIRING
        found = found.filter(state__in=HOLDING) if is_ending else found.filter(state=asked.state)
    if asked.tier is not None:
        found = found.filter(tier=asked.tier or None)
    if asked.assigned:
        is_free = asked.assigned == "nobody"
        found = found.filter(assigned_to=None) if is_free else found.filter(assigned_to__username=asked.assigned)
    if asked.kind:
        found = found.filter(repo__kind=asked.kind)
    if asked.text:
        text = storable(asked.text.lower())
        found = found.filter(Q(repo__key__contains=text) | Q(commit__startswith=text) | Q(uploader__iexact=text))
    return found


def _open_to(viewer: Viewer, domains: frozenset[str]) -> Q:
    """A domain waits for the viewer: one that they review, in a revision that somebody else put there."""
    return Q(Exists(_open_domains().filter(domain__in=domains))) & ~Q(uploader=viewer.name)


def _open_domains() -> Any:
    return DomainReview.objects.filter(revision=OuterRef("pk")).exclude(state__in=CLOSED)


def _in_order(found: QuerySet[Revision]) -> QuerySet[Revision]:
    ranks = [When(repo__bias_severity=severity, then=Value(rank)) for severity, rank in _RISKS.items()]
    return found.annotate(
        # A tier that nobody set yet may be any: it comes before the harmless ones.
        risk=Coalesce("tier", Value(2)),
        severity=Case(*ranks, default=Value(0), output_field=IntegerField()),
        missing=Count("domains", filter=~Q(domains__state__in=CLOSED)),
        since=Coalesce("submitted_at", "created_at"),
    ).order_by("-risk", "-severity", "-missing", "since", "pk")
