"""Whether a pull may go on: every way to bytes asks here, once, and what was decided is recorded."""

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.models import Repo
from hub.catalog.selectors import Revision
from hub.core import clock
from hub.core.kept import Kept
from hub.governance.errors import PullDenied
from hub.governance.models import Advisory, Domain, Profile, Waiver
from hub.governance.permissions import domains_of
from hub.governance.policy.decision import ALLOW, CONDITIONS, DENY, PullDecision, Reason
from hub.governance.policy.rules import RuleAt
from hub.governance.policy.verdicts import ENFORCE, Finding, judge
from hub.governance.selectors import policies as known_policies
from hub.governance.selectors import pull_facts, quarantine
from hub.governance.services import pull_log
from hub.governance.services.pull_case import Case, case_of
from hub.governance.services.pull_objects import places_of, worst_of

# Rules about how the review stands: whoever decided on the revision decided here.
_OF_REVIEW = {"P-01", "P-17", "P-21", "P-23", "P-24"}
_OF_ADVISORY = "P-22"
_QUARANTINE = "P-23"
_log = logging.getLogger(__name__)


_decided_before: Kept[tuple[Any, ...], tuple[Mapping[str, Any], dt.datetime, PullDecision]] = Kept(limit=10_000)


def decide(
    viewer: Viewer,
    at: Revision,
    *,
    purpose: str = "",
    client: str = "",
    path: str = "",
    content: str = "",
    profile: Profile | None = None,
) -> PullDecision:
    """Whether the viewer may pull this commit for that purpose; nothing is recorded.

    `path`, or `content` (a sha256): of it, these bytes. One query where the revision's facts are known to this process.
    Never raises: what can't be decided is denied. `profile`: as if the viewer spoke for that one.
    """
    asked = {"purpose": purpose, "client": client, "path": path, "content": content}
    try:
        return _decided(case_of(viewer, at, profile=profile, **asked), keeps=profile is None)
    except Exception:  # noqa: BLE001 - what can't be decided is denied
        _log.exception("No decision on %s at %s", at.repo, at.commit)
        reason = Reason("P-00", "Undecided", "unknown: the rules could not be evaluated; the hub's log says why.")
        return PullDecision(DENY, (reason,), purpose=purpose)


def check_pull(
    viewer: Viewer, at: Revision, *, purpose: str = "", client: str = "", path: str = "", files: int = 1
) -> PullDecision:
    """As `decide`; raises `PullDenied`. Recorded either way: a denial at once, what is allowed with its `files` (0: it
    was only asked) within a second."""
    decision = decide(viewer, at, purpose=purpose, client=client, path=path)
    pull_log.note(viewer, at, decision, client=client, files=files)
    return _or_refuse(at, decision)


def ask(viewer: Viewer, at: Revision, *, purpose: str = "", client: str = "") -> PullDecision:
    """As `decide`, for who is about to pull. A denial is recorded: whoever is told so asks for no file."""
    decision = decide(viewer, at, purpose=purpose, client=client)
    pull_log.note(viewer, at, decision, client=client, files=0)
    return decision


def check_object(
    viewer: Viewer, repo: Repo, sha256: str, *, ref: str, purpose: str = "", client: str = "", files: int = 0
) -> PullDecision:
    """As `check_pull`, for bytes by their sha256: every commit that they could be meant of must let them go."""
    places = places_of(repo, sha256, ref)
    decided = [
        (at, decide(viewer, at, purpose=purpose, client=client, path=path, content=sha256)) for at, path in places
    ]
    at, decision = worst_of(decided)
    pull_log.note(viewer, at, decision, client=client, files=files)
    return _or_refuse(at, decision)


def check_view(viewer: Viewer, at: Revision, path: str = "") -> PullDecision:
    """As `check_pull`, for bytes that a page shows: recorded only where it is denied. A file beside a quarantined one
    may be looked at."""
    decision = decide(viewer, at, path=path)
    is_beside = path and {one.code for one in decision.reasons} == {_QUARANTINE}
    if is_beside and path not in quarantined_for(viewer, at):
        return decision
    pull_log.note(viewer, at, decision, client="site", files=0)
    return _or_refuse(at, decision)


def check_known(viewer: Viewer, at: Revision, path: str) -> None:
    """Raises `PullDenied` for a quarantined file only: for cards, licences and editors, which must stay readable where
    a revision is suspended or recalled."""
    if path not in quarantined_for(viewer, at):
        return
    reason = Reason(_QUARANTINE, "Malicious files", f"{path} is quarantined.", "Use another revision.")
    decision = PullDecision(DENY, (reason,))
    pull_log.note(viewer, at, decision, client="site", files=0)
    _or_refuse(at, decision)


def speaks(viewer: Viewer, at: Revision, rule: RuleAt, *, purpose: str, profile: Profile) -> bool:
    """Whether this rule would deny that pull on the facts of today, were it enforced; waivers count."""
    case = case_of(viewer, at, purpose=purpose, profile=profile)
    found = judge([rule], case.facts, lambda _: ENFORCE)
    return any(one.mode == ENFORCE and one.rule.code not in case.waivers for one in found)


def preview(at: Revision, profiles: Iterable[Profile], *, state: str = "") -> list[tuple[Profile, PullDecision]]:
    """What each profile would be told of the commit, asked for by its id; with `state`, if it stood there."""
    pin = Revision(at.repo, at.commit, at.commit, at.tree)
    return [(profile, _judged(case_of(ANONYMOUS, pin, profile=profile, state=state))) for profile in profiles]


def quarantined_for(viewer: Viewer, at: Revision) -> Mapping[str, str]:
    """Paths of this commit that the viewer may not read, with why; none for reviewers of security."""
    found = quarantine.quarantined_below(at.tree)
    return {} if found and Domain.SECURITY in domains_of(viewer) else found


def _or_refuse(at: Revision, decision: PullDecision) -> PullDecision:
    if decision.is_denied:
        what = f"{at.repo.kind} {at.repo.full_name} at {at.commit[:12]}"
        raise PullDenied(decision.refusal(what), commit=at.commit, decision=decision)
    return decision


def _decided(case: Case, *, keeps: bool) -> PullDecision:
    """What was decided on the same facts before holds until time changes it. What is quarantined is judged anew."""
    if not keeps or case.bad:
        return _judged(case)
    key, now = case.key, clock.now()
    kept = _decided_before.get(key)
    if kept and kept[0] is case.stored and now < kept[1]:
        return kept[2]
    decision = _judged(case)
    _decided_before.put(key, (case.stored, case.until, decision), 1)
    return decision


def _judged(case: Case) -> PullDecision:
    rules = case.known.stage("pull")
    findings = judge(rules, case.facts, lambda rule: case.known.mode_of(rule, case.profile))
    waived = [one for one in findings if one.rule.code in case.waivers]
    counted = [one for one in findings if one.rule.code not in case.waivers]
    denials = [_reason(case, one) for one in counted if one.mode == ENFORCE]
    if case.quarantined:
        denials = [*(one for one in denials if one.code != _QUARANTINE), _reason_of_quarantine(case)]
    warnings = (*_deprecated(case), *_warnings(case, [one for one in counted if one.mode == "warn"]))
    conditions = (*_conditions_of(case), *(_waived(case.waivers[one.rule.code]) for one in waived))
    outcome = DENY if denials else CONDITIONS if conditions else ALLOW
    return PullDecision(
        outcome=outcome,
        reasons=tuple(denials),
        conditions=conditions,
        warnings=warnings,
        environment=str(case.profile.environment),
        profile=case.profile.name,
        purpose=case.purpose,
        profile_id=case.profile.pk,
        noticed=tuple(one.rule.code for one in counted if one.mode != ENFORCE),
        replacement=next((one.replacement for one in case.advisories if one.replacement), ""),
    )


def _reason(case: Case, finding: Finding) -> Reason:
    return Reason(finding.rule.code, finding.rule.title, finding.message, finding.mend, _decider(case, finding))


def _decider(case: Case, finding: Finding) -> str:
    """Who is behind it: of the review, of the advisory, of the rule as it was changed here; else the hub's rules."""
    if finding.rule.code in _OF_REVIEW and (by := case.facts["rev"].get("decided_by")):
        return by if isinstance(by, str) else ", ".join(by)
    if finding.rule.code == _OF_ADVISORY:
        return str(case.facts["advisory"].get("by", ""))
    return finding.rule.by or "this hub's rules"


def _reason_of_quarantine(case: Case) -> Reason:
    mend = f"Use another revision. A security reviewer can look into it at {case.facts['pull']['review']}."
    return Reason(
        _QUARANTINE,
        "Malicious files",
        f"{case.path or 'The file'} is quarantined: {case.quarantined}",
        mend,
        "the scan",
    )


def _conditions_of(case: Case) -> tuple[str, ...]:
    rev = case.facts["rev"]
    return tuple(rev["conditions"]) if rev["state"] == "conditional" else ()


def _waived(waiver: Waiver) -> str:
    more = "".join(f" {condition}" for condition in waiver.conditions)
    return f"{waiver.rule} is waived until {waiver.expires_at:%Y-%m-%d}, granted by {waiver.approved_by}.{more}"


def _deprecated(case: Case) -> list[Reason]:
    """What is open against it but doesn't deny."""
    return [
        Reason("deprecated", "Deprecated", one.reason, f"Use {one.replacement}." if one.replacement else "", one.by)
        for one in case.advisories
        if one.kind == Advisory.Kind.DEPRECATED
    ]


def _warnings(case: Case, findings: list[Finding]) -> list[Reason]:
    """One, however many rules speak. Facts that nobody stated are no news where nothing rests on them: they are
    written down, and production is told."""
    told = [_reason(case, one) for one in findings if not one.unknown]
    if len(told) <= 1:
        return told
    listed = ", ".join(f"{one.title} ({one.code})" for one in told)
    mend = f"See {case.facts['pull']['review']}."
    return [Reason("rules", "Production would not take it", f"{len(told)} rules speak against it: {listed}.", mend)]


def forget() -> None:
    """Drop what this process keeps of rules and facts, for tests."""
    known_policies.forget()
    pull_facts.forget()
    quarantine.forget()
    _decided_before.clear()
