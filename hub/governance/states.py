"""How a review moves: the steps of a revision and of each of its domains as tables, and the diagram made from them.

A state changes only by a step of these tables, through one conditional update (`services.reviews.transitions`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hub.governance.errors import TransitionRefused
from hub.governance.models import DomainState as D
from hub.governance.models import State as S


class Who(StrEnum):
    SYSTEM = "system"
    UPLOADER = "uploader"
    REVIEWER = "reviewer"
    ADMIN = "admin"
    TWO_ADMINS = "two admins"


# Each guard, and what it asks for. `services.reviews.guards` has the check of each.
GUARDS = {
    "files_scanned": "every file has a verdict, none is malicious and no scan failed",
    "bad_file": "a file is malicious, or its scan failed",
    "fields_complete": "the records of training data and intended use are there, without blanks in what is required",
    "licence_known": "the licence is known, and the licence file doesn't contradict the card",
    "tier_set": "the tier is set",
    "domains_closed": "every domain is closed",
    "people_enough": "tier 1 and 2: one reviewer; 3: two, licence and bias by different ones; 4: the owner too",
    "unconditional": "nothing is tied to a condition",
    "with_conditions": "something is tied to a condition",
    "has_reason": "a reason is given",
    "was_approved": "it was approved before it was suspended",
    "same_binding": "what the approval rests on is the same",
    "not_suspender": "tier 3 and 4: somebody other than who suspended it",
    "second_admin": "another administrator asked for it before",
    "is_due": "its approval has come to its end",
    "newer_approved": "a newer commit of main is approved",
    "domain_open": "a domain is open",
    "domain_rejected": "a domain is rejected",
    "not_uploader": "the reviewer didn't upload it",
    "not_author": "the reviewer wrote no commit since the last approved revision",
    "not_record_author": "the reviewer didn't write the records reviewed",
    "binding_current": "the binding that was shown is the current one",
    "rules_allow": "no enforced rule of the stage approve says no",
    "licence_clear": "a licence that is known and unbroken, and no enforced rule of the stage publish says no",
    "waiver_granted": "a waiver of a rule of that domain, asked for by somebody else, holds",
    "evidence_allows": "the evidence leaves nothing to decide",
    "carried": "an earlier decision holds, and the difference of the files proves it",
}


@dataclass(frozen=True)
class Step:
    """From one state to another: who may take it, which guards hold, and the event in the audit log."""

    before: str
    after: str
    who: tuple[Who, ...]
    event: str
    guards: tuple[str, ...] = ()


_REVIEWABLE = (S.SCANNING, S.INTAKE, S.NEEDS_INFO, S.IN_REVIEW)
_APPROVED = (S.APPROVED, S.CONDITIONAL)
# Final for good: nothing leads out of them.
FINAL = (S.REJECTED, S.REVOKED)
_READY = ("fields_complete", "licence_known", "tier_set")
_REINSTATED = (
    *("has_reason", "was_approved", "same_binding", "domains_closed", "not_suspender", "not_uploader", "not_author"),
)


def _each(befores: Iterable[str], after: str, who: tuple[Who, ...], event: str, *guards: str) -> tuple[Step, ...]:
    return tuple(Step(str(before), str(after), who, event, guards) for before in befores)


_SYSTEM, _UPLOADER, _REVIEWER = (Who.SYSTEM,), (Who.UPLOADER,), (Who.REVIEWER,)

REVISION_STEPS: tuple[Step, ...] = (
    *_each([S.DRAFT], S.SCANNING, _SYSTEM, "review.scan"),
    *_each([S.SCANNING], S.INTAKE, _SYSTEM, "review.intake", "files_scanned"),
    *_each(_REVIEWABLE, S.QUARANTINED, _SYSTEM, "review.quarantine", "bad_file"),
    *_each([S.QUARANTINED], S.SCANNING, _SYSTEM, "review.rescan"),
    *_each([S.QUARANTINED], S.REJECTED, _REVIEWER, "review.reject", "has_reason"),
    *_each([S.INTAKE], S.IN_REVIEW, (Who.UPLOADER, Who.SYSTEM), "review.submit", *_READY),
    *_each([S.INTAKE, S.IN_REVIEW], S.NEEDS_INFO, _REVIEWER, "review.ask", "has_reason"),
    *_each([S.NEEDS_INFO], S.IN_REVIEW, _UPLOADER, "review.answer", "has_reason", *_READY),
    *_each([S.IN_REVIEW], S.APPROVED, _SYSTEM, "review.approve", "domains_closed", "people_enough", "unconditional"),
    *_each(
        [S.IN_REVIEW], S.CONDITIONAL, _SYSTEM, "review.approve", "domains_closed", "people_enough", "with_conditions"
    ),
    *_each([S.IN_REVIEW], S.REJECTED, _REVIEWER, "review.reject", "domain_rejected", "has_reason"),
    *_each([S.INTAKE, S.NEEDS_INFO, S.IN_REVIEW], S.WITHDRAWN, _UPLOADER, "review.withdraw"),
    *_each([S.WITHDRAWN], S.INTAKE, _UPLOADER, "review.resume"),
    *_each(_APPROVED, S.IN_REVIEW, _SYSTEM, "review.reopen", "domain_open"),
    *_each(
        (*_REVIEWABLE, *_APPROVED, S.EXPIRED, S.SUPERSEDED),
        S.SUSPENDED,
        (Who.SYSTEM, Who.REVIEWER),
        "review.suspend",
        "has_reason",
    ),
    *_each(
        [S.SUSPENDED],
        S.APPROVED,
        _REVIEWER,
        "review.reinstate",
        *_REINSTATED,
        "unconditional",
    ),
    *_each(
        [S.SUSPENDED],
        S.CONDITIONAL,
        _REVIEWER,
        "review.reinstate",
        *_REINSTATED,
        "with_conditions",
    ),
    *_each(
        [S.SUSPENDED],
        S.IN_REVIEW,
        _REVIEWER,
        "review.reopen",
        *("has_reason", "not_suspender", "not_uploader", "not_author", *_READY),
    ),
    *_each(_APPROVED, S.EXPIRED, _SYSTEM, "review.expire", "is_due"),
    *_each([S.EXPIRED], S.IN_REVIEW, (Who.UPLOADER, Who.REVIEWER), "review.renew", *_READY),
    *_each(_APPROVED, S.SUPERSEDED, _SYSTEM, "review.supersede", "newer_approved"),
    *_each((*_APPROVED, S.EXPIRED, S.SUPERSEDED), S.RETIRED, _UPLOADER, "review.retire", "has_reason"),
    *_each(
        [state for state in S if state not in FINAL],
        S.REVOKED,
        (Who.TWO_ADMINS,),
        "review.revoke",
        "has_reason",
        "second_admin",
    ),
)

# What counts as decided.
CLOSED = (D.AUTO_PASS, D.APPROVED, D.CONDITIONAL, D.WAIVED, D.NOT_APPLICABLE)
# What a person decided, so that it counts as their decision.
DECIDED = (D.APPROVED, D.CONDITIONAL, D.WAIVED, D.NOT_APPLICABLE)
_SEPARATE = ("not_uploader", "not_author", "not_record_author", "binding_current", "has_reason", "rules_allow")


def _decisions(after: D, *guards: str) -> tuple[Step, ...]:
    befores = [state for state in D if state != D.REJECTED and (state != after or after in DECIDED)]
    return _each(befores, after, _REVIEWER, f"review.domain.{after}", *guards)


DOMAIN_STEPS: tuple[Step, ...] = (
    *_decisions(D.APPROVED, *_SEPARATE, "licence_clear"),
    *_decisions(D.CONDITIONAL, *_SEPARATE, "licence_clear"),
    *_decisions(D.NOT_APPLICABLE, *_SEPARATE, "licence_clear"),
    *_decisions(D.WAIVED, *_SEPARATE, "waiver_granted"),
    *_decisions(D.CHANGES_REQUESTED, "binding_current", "has_reason"),
    *_decisions(D.REJECTED, "binding_current", "has_reason"),
    *_each([D.PENDING, D.STALE], D.AUTO_PASS, _SYSTEM, "review.domain.auto-pass", "evidence_allows"),
    *_each([state for state in D if state != D.PENDING], D.PENDING, _SYSTEM, "review.domain.reset"),
    *_each(CLOSED, D.STALE, _SYSTEM, "review.domain.stale"),
)
# What the system carries over from an earlier revision, as it stood there.
CARRY_STEPS: tuple[Step, ...] = tuple(
    Step(str(D.PENDING), str(after), _SYSTEM, "review.domain.carry", ("carried",)) for after in DECIDED
)

_REVISION = {(step.before, step.after): step for step in REVISION_STEPS}
_DOMAIN = {(step.before, step.after): step for step in DOMAIN_STEPS}


def revision_step(before: str, after: str, who: Who) -> Step:
    """The step between these states, for such an actor; raises `TransitionRefused`."""
    return _allowed(_REVISION.get((str(before), str(after))), S(before).label, S(after).label, who)


def domain_step(before: str, after: str, who: Who, *, is_carried: bool = False) -> Step:
    """The same for a domain. `is_carried`: the system writes down what an earlier revision has."""
    if is_carried:
        found = next((step for step in CARRY_STEPS if (step.before, step.after) == (before, after)), None)
    else:
        found = _DOMAIN.get((str(before), str(after)))
    return _allowed(found, D(before).label, D(after).label, who)


def _allowed(step: Step | None, before: str, after: str, who: Who) -> Step:
    if step is None:
        raise TransitionRefused(f"From “{before}” no step leads to “{after}”. Load the page again to see what does.")
    if who not in step.who:
        takers = " or ".join(step.who)
        raise TransitionRefused(f"The step from “{before}” to “{after}” takes: {takers}. It was tried as: {who}.")
    return step


def diagram(steps: Iterable[Step] = REVISION_STEPS) -> str:
    """The steps as a Mermaid state diagram; docs/reviews.md shows it, and a test compares."""
    lines = [f"    {_node(step.before)} --> {_node(step.after)} : {', '.join(step.who)}" for step in steps]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {_node(S.DRAFT)}", *lines])


def table(steps: Iterable[Step]) -> str:
    """The same as a table with the guards: steps that differ in nothing but where they begin share a row."""
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for step in steps:
        key = (step.after, ", ".join(step.who), ", ".join(step.guards) or "–", step.event)
        rows.setdefault(key, []).append(step.before)
    lines = [
        f"| {', '.join(befores)} | {after} | {who} | {guards} | `{event}` |"
        for (after, who, guards, event), befores in rows.items()
    ]
    return "\n".join(["| from | to | who | guards | event |", "|---|---|---|---|---|", *lines])


def _node(state: str) -> str:
    return str(state).replace("-", "_")
