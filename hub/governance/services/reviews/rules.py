"""What rules say of a review before a pull ever asks: those on who approves, and those on what is published.

An approval opens production, so the rules count as they do there.
"""

import re
from collections.abc import Mapping
from typing import Any

from hub.core import clock
from hub.governance.models import Domain, DomainReview, Environment, Profile, Revision
from hub.governance.policy.context import plain
from hub.governance.policy.verdicts import ENFORCE, Finding, judge
from hub.governance.selectors import reviews, shares
from hub.governance.selectors.policies import policies
from hub.governance.states import CLOSED

_OURS = re.compile(r"(L\d+d?|P-\d+): ")
_BREAKS = "CONFLICT"
_FINE = "OK"
_UNKNOWN, _CONTRADICTED = "L0", "L15"


def of_approval(revision: Revision, *, approver: str, domain: str = "", waiver_author: str = "") -> tuple[Finding, ...]:
    """Why the rules of the stage `approve` don't let this person decide on this domain; nothing where they do."""
    told = {
        "approver": approver,
        "domain": domain,
        "uploader": revision.uploader,
        "authors": sorted(reviews.authors_of(revision)),
        "waiver_author": waiver_author,
    }
    return tuple(each for each in _judged(revision, "approve", told) if each.mode == ENFORCE)


def of_licence(revision: Revision) -> tuple[str, ...]:
    """What keeps the licence from being approved: it is unknown, contradicted or broken, or a rule on what is published
    says no. A reviewer's conclusion settles the first two, a waiver lets the domain be waived."""
    record = revision.licence_record
    if record is None:
        return ("Its licence has not been examined yet.",)
    settled = {_UNKNOWN, _CONTRADICTED} if record.body["concluded"] else set()
    own = [fault for fault in record.body["judgement"]["faults"] if fault["rule"] not in settled]
    broken = [_fault(each) for each in own if each["verdict"] == _BREAKS or _is_own_unknown(each)]
    denied = [said(each) for each in _judged(revision, "publish", {}) if each.mode == ENFORCE]
    return (*broken, *denied)


def show_licence(revision: Revision) -> None:
    """Write down for the tile of the licence, while it is open, what was found: what blocks it comes first."""
    row = DomainReview.objects.get(revision=revision, domain=Domain.LICENCE)
    blocking = of_licence(revision)
    open_questions = [text for text in _questions(revision) if text not in blocking]
    others = [text for text in row.blocking if not _OURS.match(text)]
    found = [*others, *blocking, *open_questions] if row.state not in CLOSED else others
    if found != row.blocking:
        DomainReview.objects.filter(pk=row.pk).update(blocking=found)


def _questions(revision: Revision) -> list[str]:
    faults = revision.licence_record.body["judgement"]["faults"] if revision.licence_record else []
    warned = [said(each) for each in _judged(revision, "publish", {}) if each.mode != ENFORCE]
    return [*(_fault(each) for each in faults if each["verdict"] != _FINE), *warned]


def _judged(revision: Revision, stage: str, approval: Mapping[str, Any]) -> tuple[Finding, ...]:
    known = policies()
    production = Profile(environment=Environment.PRODUCTION)
    waived = _waived(revision)
    rules = [rule for rule in known.stage(stage) if rule.code not in waived]
    return judge(rules, _facts(revision, approval), lambda rule: known.mode_of(rule, production)) if rules else ()


def _facts(revision: Revision, approval: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "approval": approval,
        "repo": {"name": revision.repo.name, "owner": revision.repo.owner.name},
        "rev": {"state": str(revision.state), "tier": revision.tier or 0, "commit": revision.commit},
        "license": shares.licence_facts(revision),
        "lineage": shares.lineage_facts(revision),
        "data": shares.data_facts(revision),
        "bias": shares.bias_facts(revision),
        "scan": shares.scan_facts(revision),
        "env": str(Environment.PRODUCTION),
    }
    return {**{name: plain(value) for name, value in told.items()}, "now": clock.now()}


def _waived(revision: Revision) -> set[str]:
    """The rules from which somebody let this revision off."""
    return set(reviews.waivers_of(revision).values_list("rule", flat=True))


def _is_own_unknown(fault: Mapping[str, Any]) -> bool:
    """Its own licence is unknown; that of something upstream is a question for the reviewer."""
    return fault["rule"] == _UNKNOWN and len(fault["edge"]) == 1


def _fault(fault: Mapping[str, Any]) -> str:
    return f"{fault['rule']}: {fault['clause']} {fault['mend']}".strip()


def said(finding: Finding) -> str:
    """In words, with its code and what mends it."""
    return f"{finding.rule.code}: {finding.message} {finding.mend}".strip()
