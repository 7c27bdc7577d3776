"""The last step of an examination: what earlier decisions still hold, what closes by itself, what is left to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.catalog.selectors import changes_between
from hub.core import clock
from hub.core.transactions import write_transaction
from hub.governance.changes import LABELS, Kind, effect, kinds_of
from hub.governance.errors import PurposesApart
from hub.governance.models import Decision, Domain, DomainReview, DomainState, Revision, State, Verdict
from hub.governance.selectors import reviews, shares
from hub.governance.selectors.contents import place_of
from hub.governance.services.reviews.finishing import collect, finish, in_common, purposes_of, rebind
from hub.governance.services.reviews.guards import BAD, Attempt, not_ready
from hub.governance.services.reviews.planned import covered, plans_for, refusals
from hub.governance.services.reviews.rules import of_licence, show_licence
from hub.governance.services.reviews.standing import carried, quarantine, suspend_by_system, tell_children
from hub.governance.services.reviews.transitions import SYSTEM, move, move_domain, publish
from hub.governance.states import CLOSED, DECIDED, Who

_SETTLES = (State.SCANNING, State.INTAKE, State.NEEDS_INFO, State.IN_REVIEW)
# Where a change plan still closes what is open: measurements come after the commit.
_PLANNED = (State.SCANNING, State.INTAKE, State.IN_REVIEW)
BAD_FILE = "A file is malicious, or couldn't be scanned."
_ENDED = (State.REVOKED, State.EXPIRED)


@dataclass(frozen=True)
class Carry:
    """A decision that still holds, and the comparison that proves it."""

    decision: Decision
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Outlook:
    """What was found before the transaction begins: the scan, the decisions to carry, the tier."""

    scan: Mapping[str, Any]
    carries: tuple[Carry, ...]
    tier: int | None
    follows: bool
    licence_changed: bool


def examine(revision: Revision) -> None:
    """Settle a revision whose files, card and records have been read. Run again, it finds its work done."""
    revision = reviews.fresh(revision.pk)
    outlook = _outlook(revision)
    with write_transaction():
        publish(revision.repo_id)
        if is_bad(outlook.scan):
            _stop(revision)
        elif revision.state in _SETTLES and outlook.scan["state"] == "done":
            _go_on(revision, outlook)


def is_bad(scan: Mapping[str, Any]) -> bool:
    """A file is malicious, or its scan failed."""
    return scan["state"] == "done" and scan["worst"] in BAD


def is_harmless(scan: Mapping[str, Any]) -> bool:
    """Every file is clean, and none can run."""
    is_clean = scan["state"] == "done" and scan["worst"] == Verdict.CLEAN
    return is_clean and not scan.get("executes_code") and not scan.get("has_pickle")


def differences(before: Revision, after: Revision) -> dict[Kind, tuple[str, ...]]:
    """The kinds of change from one revision to another, each with what shows it."""
    paths = [change.path for change in changes_between(place_of(before), place_of(after))]
    return kinds_of(paths, reviews.compared(before), reviews.compared(after))


def _stop(revision: Revision) -> None:
    if revision.state in _SETTLES:
        quarantine(revision, BAD_FILE)
    elif revision.state in (State.APPROVED, State.CONDITIONAL, State.EXPIRED, State.SUPERSEDED):
        suspend_by_system(revision, BAD_FILE)


def _go_on(revision: Revision, outlook: Outlook) -> None:
    if revision.tier is None and outlook.tier:
        Revision.objects.filter(pk=revision.pk).update(tier=outlook.tier)
        revision.tier = outlook.tier
    if revision.state == State.SCANNING:
        move(revision, State.INTAKE, who=Who.SYSTEM, attempt=Attempt(SYSTEM))
        rebind(revision)
        if outlook.licence_changed:
            tell_children(revision, "its licence changed")
    for carry in outlook.carries:
        carried(revision, carry.decision, revision.binding, carry.evidence)
    collect(revision)
    _pass_by_itself(revision, outlook)
    show_licence(revision)
    if revision.state == State.INTAKE and outlook.follows and not not_ready(revision):
        attempt = Attempt(SYSTEM, reason="It follows a reviewed revision.")
        move(revision, State.IN_REVIEW, who=Who.SYSTEM, attempt=attempt, submitted_at=clock.now())
    finish(revision, because="Nothing that was decided is touched by the change.")


def _pass_by_itself(revision: Revision, outlook: Outlook) -> None:
    row = DomainReview.objects.get(revision=revision, domain=Domain.SECURITY)
    if row.state in (DomainState.PENDING, DomainState.STALE) and is_harmless(outlook.scan):
        why = "Every file is clean and none can run."
        attempt = Attempt(SYSTEM, reason=why, domain=Domain.SECURITY, evidence=True)
        move_domain(revision, DomainState.AUTO_PASS, who=Who.SYSTEM, attempt=attempt)


def _outlook(revision: Revision) -> Outlook:
    before = reviews.earlier(revision)
    tiers = [shares.use_facts(revision).get("tier"), next((row.tier for row in before if row.tier), None)]
    is_new = revision.state == State.SCANNING
    scan = shares.scan_facts(revision)
    carries = _carries(revision, before) if is_new else ()
    may_plan = revision.state in _PLANNED
    planned = _planned(revision, carries, before, harmless=is_harmless(scan)) if may_plan else ()
    if planned:
        tiers.append(planned[0].decision.revision.tier)
    return Outlook(
        scan=scan,
        carries=_agreeing(revision, (*carries, *planned)),
        tier=max((tier for tier in tiers if tier), default=None),
        follows=bool(planned) or any(row.submitted_at for row in before),
        licence_changed=bool(before) and is_new and Kind.LICENCE in differences(before[0], revision),
    )


def _carries(revision: Revision, before: list[Revision]) -> tuple[Carry, ...]:
    """For each open domain the nearest earlier decision, unless what changed since ends it or its author decided."""
    open_ = set(
        DomainReview.objects.filter(revision=revision, state=DomainState.PENDING).values_list("domain", flat=True)
    )
    authors, ended = reviews.authors_of(revision), reviews.reopened_domains(before)
    found: dict[str, Carry] = {}
    for row in before:
        if _is_over(row) or not open_ - ended - set(found):
            break
        kinds, worse = differences(row, revision), _worse(row, revision)
        for decision in reviews.holding_decisions(row):
            domain = decision.domain
            if domain not in open_ - ended - worse - set(found) or reviews.root_of(decision).by in authors:
                continue
            if all(effect(kind, domain).keeps for kind in kinds):
                found[domain] = Carry(decision, _evidence(row, revision, kinds))
        if signed := _signed(row, found, open_):
            found[""] = Carry(signed, _evidence(row, revision, kinds))
    return tuple(found.values())


def _planned(
    revision: Revision, carries: tuple[Carry, ...], before: list[Revision], *, harmless: bool
) -> tuple[Carry, ...]:
    """For what is open still, the decisions of a change plan that the revision measurably stays inside of.

    What a person has decided here already is theirs, and a grave finding that is new is nobody's plan.
    """
    pending = DomainReview.objects.filter(revision=revision, state=DomainState.PENDING).exclude(domain=Domain.SECURITY)
    open_ = set(pending.values_list("domain", flat=True)) - {carry.decision.domain for carry in carries}
    open_ -= set(Decision.objects.filter(revision=revision, carried_from=None).values_list("domain", flat=True))
    open_ -= reviews.reopened_domains(before)
    if Domain.LICENCE in open_ and of_licence(revision):
        open_ -= {Domain.LICENCE}
    for plan, relation in plans_for(revision) if open_ else ():
        kinds = () if relation else tuple(differences(plan.revision, revision))
        if reviews.grave_findings(revision) > reviews.grave_findings(plan.revision):
            continue
        if not refusals(plan, relation, revision, kinds, harmless=harmless):
            return tuple(Carry(decision, evidence) for decision, evidence in covered(plan, revision, open_))
    return ()


def _agreeing(revision: Revision, carries: tuple[Carry, ...]) -> tuple[Carry, ...]:
    """Without those that leave no purpose which all allow: these domains are decided anew, and signed off anew."""
    named = [purposes_of(row) for row in reviews.holding_decisions(revision)]
    kept = []
    for carry in carries:
        try:
            in_common([*named, purposes_of(carry.decision)])
        except PurposesApart:
            continue
        named.append(purposes_of(carry.decision))
        kept.append(carry)
    return tuple(carry for carry in kept if carry.decision.domain or len(kept) == len(carries))


def _signed(row: Revision, found: Mapping[str, Carry], open_: set[str]) -> Decision | None:
    """The owner's sign-off, which holds where every decision does."""
    decided = set(DomainReview.objects.filter(revision=row, state__in=DECIDED).values_list("domain", flat=True))
    is_closed = not DomainReview.objects.filter(revision=row).exclude(state__in=CLOSED).exists()
    held = all(domain in found for domain in decided & open_)
    return reviews.newest_decisions(row).get("") if is_closed and held and "" not in found else None


def _worse(row: Revision, revision: Revision) -> frozenset[Domain]:
    """The domains whose evidence beside the files is graver now than when the earlier revision was bound."""
    held, now = row.binding_parts, reviews.beside_binding(revision)
    is_scan_new = held.get("scan") != now["scan"] and not is_harmless(shares.scan_facts(revision))
    is_graver = int(now["grave"]) > int(held.get("grave", 0))
    found = ((Domain.SECURITY, is_scan_new), (Domain.BIAS, is_graver))
    return frozenset(domain for domain, is_worse in found if is_worse)


def _is_over(row: Revision) -> bool:
    """Whether nothing is carried on from here: revoked, at its end, or suspended by a person."""
    if row.state in _ENDED or (row.expires_at and row.expires_at <= clock.now()):
        return True
    return row.state == State.SUSPENDED and reviews.suspended_by(row) != SYSTEM


def _evidence(before: Revision, after: Revision, kinds: Mapping[Kind, tuple[str, ...]]) -> dict[str, Any]:
    what = ", ".join(LABELS[kind] for kind in kinds) or "nothing"
    return {
        "compared": [before.commit, after.commit],
        "changes": {str(kind): list(shown)[:100] for kind, shown in kinds.items()},
        "shown": f"only {what} changed since, which doesn't touch it.",
    }
