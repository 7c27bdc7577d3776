"""What follows from domains that closed or opened: the end of a review, its term, and its reopening."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from hub.catalog.models import Commit
from hub.core import clock
from hub.core.tasks import enqueue
from hub.governance.binding import PARTS, Binding, bind, changed_parts
from hub.governance.changes import Effect
from hub.governance.errors import PurposesApart
from hub.governance.models import Decision, DomainReview, DomainState, Revision, State
from hub.governance.selectors import reviews
from hub.governance.services.reviews.guards import Attempt, is_conditional
from hub.governance.services.reviews.transitions import SYSTEM, move, move_domain, note
from hub.governance.states import CLOSED, Who

# How many days an approval holds, by tier.
TERMS = {1: 365, 2: 270, 3: 180, 4: 90}
APPROVED = (State.APPROVED, State.CONDITIONAL)


def finish(revision: Revision, *, because: str = "") -> bool:
    """Approve it when nothing is missing any more; whether that was so. Not on evidence that nobody has seen."""
    if revision.state != State.IN_REVIEW or reviews.missing(revision):
        return False
    if changed_parts(revision.binding_parts, reviews.binding_of(revision).parts):
        enqueue("governance.evidence_changed", revision=revision.pk, domains=[], by="", what="The evidence changed.")
        return False
    now = clock.now()
    after = State.CONDITIONAL if is_conditional(revision) else State.APPROVED
    move(
        revision,
        after,
        who=Who.SYSTEM,
        attempt=Attempt(SYSTEM, reason=because),
        decided_at=now,
        expires_at=_end(revision, now),
        reminded_at_days=None,
        reason="",
    )
    supersede(revision)
    return True


def supersede(revision: Revision) -> None:
    """What was approved of older commits gives way to this one; this one, to what was approved of newer ones."""
    rows = Revision.objects.filter(repo=revision.repo_id, state__in=APPROVED).select_related("repo__owner")
    approved = list(rows)
    order = dict(
        Commit.objects.filter(repo=revision.repo_id, oid__in=[row.commit for row in approved]).values_list("oid", "pk")
    )
    newest = max(approved, key=lambda row: order[row.commit])
    for row in approved:
        if row.pk != newest.pk:
            why = f"{newest.commit[:12]} is approved."
            move(row, State.SUPERSEDED, who=Who.SYSTEM, attempt=Attempt(SYSTEM, reason=why))
            if row.pk == revision.pk:
                revision.state = State.SUPERSEDED


def apply(revision: Revision, found: Mapping[str, Effect], attempt: Attempt) -> tuple[str, ...]:
    """Open the closed domains whose decisions an effect ends; which these were."""
    opened = []
    for row in DomainReview.objects.filter(revision=revision):
        here = attempt.about(row.domain)
        effect = found.get(row.domain, Effect.KEEP)
        if effect == Effect.NOTE:
            note(revision, "note", here)
        if effect.keeps or row.state not in CLOSED:
            continue
        after = DomainState.PENDING if effect == Effect.RESET else DomainState.STALE
        move_domain(revision, after, who=Who.SYSTEM, attempt=here, blocking=[attempt.reason] if attempt.reason else [])
        opened.append(row.domain)
    return tuple(opened)


def reopen(revision: Revision, why: str) -> bool:
    """An approved revision with an open domain is in review again; whether that was so."""
    rows = DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED)
    if revision.state not in APPROVED or not rows.exists():
        return False
    attempt = Attempt(SYSTEM, reason=why)
    move(revision, State.IN_REVIEW, who=Who.SYSTEM, attempt=attempt, submitted_at=clock.now(), reason=why)
    return True


def collect(revision: Revision) -> None:
    """The whole has the conditions of all decisions that hold, and the purposes that all of them allow.

    Raises `PurposesApart` where they have none in common: an empty list would allow any.
    """
    held = reviews.holding_decisions(revision)
    revision.conditions = list(dict.fromkeys(text for row in held for text in row.conditions))
    revision.purposes = list(in_common(map(purposes_of, held)))
    fields = {"conditions": revision.conditions, "purposes": revision.purposes}
    Revision.objects.filter(pk=revision.pk).update(**fields)


def purposes_of(decision: Decision) -> tuple[str, ...]:
    """Those that whoever decided named; empty: any."""
    return tuple(reviews.root_of(decision).evidence.get("purposes", ()))


def in_common(named: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Of several lists of purposes what all allow; an empty one allows any. Raises `PurposesApart`."""
    found: tuple[str, ...] = ()
    for purposes in named:
        both = tuple(text for text in found if text in purposes) if found and purposes else found or purposes
        if found and not both:
            raise PurposesApart(found, purposes)
        found = both
    return found


def rebind(revision: Revision) -> None:
    """Write down what the review rests on now. Only where every change of it has been followed."""
    _bound(revision, reviews.binding_of(revision), reviews.beside_binding(revision))


def rebind_tier(revision: Revision) -> None:
    """The tier alone: another change that nobody followed yet stays visible."""
    if revision.binding:
        parts = {**revision.binding_parts, "tier": revision.tier}
        _bound(revision, bind({name: parts[name] for name in PARTS}), parts)


def _bound(revision: Revision, binding: Binding, beside: Mapping[str, Any]) -> None:
    revision.binding, revision.binding_parts = binding.sha256, {**beside, **binding.parts}
    fields = {"binding": revision.binding, "binding_parts": revision.binding_parts}
    Revision.objects.filter(pk=revision.pk).update(**fields)


def _end(revision: Revision, now: dt.datetime) -> dt.datetime:
    """Counted from the oldest decision that it still rests on, so that carrying over lengthens nothing."""
    times = [reviews.root_of(row).at for row in reviews.holding_decisions(revision)]
    return min([now, *times]) + dt.timedelta(days=TERMS[revision.tier or 4])
