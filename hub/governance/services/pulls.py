"""Whether a pull may go on: every way to bytes asks here, once, and what was decided is recorded."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.models import Repo
from hub.catalog.selectors import Revision
from hub.core import clock
from hub.governance.errors import PullDenied
from hub.governance.models import Advisory, Domain, Profile, Waiver
from hub.governance.permissions import domains_of
from hub.governance.policy.context import plain, team
from hub.governance.policy.decision import ALLOW, CONDITIONS, DENY, PullDecision, Reason
from hub.governance.policy.rules import RuleAt
from hub.governance.policy.verdicts import ENFORCE, MONITOR, Finding, judge
from hub.governance.selectors import policies as known_policies
from hub.governance.selectors import pull_facts, quarantine
from hub.governance.selectors.policies import Policies, open_advisories, open_waivers, policies, profile_of
from hub.governance.services import pull_log
from hub.governance.services.pull_objects import places_of, worst_of

_PREFIX = {"dataset": "/datasets/"}
# Rules about how the review stands: whoever decided on the revision decided here.
_OF_REVIEW = {"P-01", "P-17", "P-21", "P-23", "P-24"}
_OF_ADVISORY = "P-22"
_QUARANTINE = "P-23"
_PARTS = ("license", "lineage", "data", "bias", "scan")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Case:
    """All that a decision rests on."""

    viewer: Viewer
    at: Revision
    known: Policies
    profile: Profile
    purpose: str
    facts: Mapping[str, Any]
    quarantined: tuple[str, str]
    advisories: tuple[Advisory, ...]
    waivers: Mapping[str, Waiver]
    is_examined: bool


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
    asked = {"purpose": purpose[:100], "client": client, "path": path, "content": content}
    try:
        return _decided(_case(viewer, at, **asked, profile=profile))
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


def check_object(
    viewer: Viewer, repo: Repo, sha256: str, *, ref: str, purpose: str = "", client: str = "", files: int = 0
) -> PullDecision:
    """As `check_pull`, for bytes by their sha256: every commit that they could be meant of must let them go."""
    places = places_of(repo, sha256, ref)
    asked = {"purpose": purpose, "client": client, "content": sha256}
    decided = [(at, decide(viewer, at, **asked, path=path)) for at, path in places]
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
    case = _case(viewer, at, purpose=purpose, profile=profile)
    found = judge([rule], case.facts, lambda _: ENFORCE)
    return any(one.mode == ENFORCE and one.rule.code not in case.waivers for one in found)


def preview(at: Revision, profiles: Iterable[Profile], *, state: str = "") -> list[tuple[Profile, PullDecision]]:
    """What each profile would be told of the commit, asked for by its id; with `state`, if it stood there."""
    pin = Revision(at.repo, at.commit, at.commit, at.tree)
    told = []
    for profile in profiles:
        case = _case(ANONYMOUS, pin, profile=profile)
        if state:
            case = replace(case, facts={**case.facts, "rev": {**case.facts["rev"], "state": state}})
        told.append((profile, _decided(case)))
    return told


def quarantined_for(viewer: Viewer, at: Revision) -> Mapping[str, str]:
    """Paths of this commit that the viewer may not read, with why; none for reviewers of security."""
    found = quarantine.quarantined_below(at.tree)
    return {} if found and Domain.SECURITY in domains_of(viewer) else found


def _or_refuse(at: Revision, decision: PullDecision) -> PullDecision:
    if decision.is_denied:
        what = f"{at.repo.kind} {at.repo.full_name} at {at.commit[:12]}"
        raise PullDenied(decision.refusal(what), commit=at.commit, decision=decision)
    return decision


def _case(
    viewer: Viewer,
    at: Revision,
    *,
    profile: Profile | None,
    purpose: str = "",
    client: str = "",
    path: str = "",
    content: str = "",
) -> _Case:
    standing = pull_facts.standing_of(at.repo, at.commit, token=viewer.token.pk if viewer.token else None)
    known = policies(standing.number)
    profile = profile or profile_of(viewer, known, standing.token_profile)
    found = dict(pull_facts.facts_of(standing))
    held = quarantine.quarantined(standing.number)
    below = quarantine.quarantined_below(at.tree, standing.number)
    bad = {**below, path: held[content]} if content in held else below
    if bad:
        found["scan"] = {**found.get("scan", {}), "worst": "malicious", "quarantined": sorted(bad)[:5]}
    purpose = purpose or profile.default_purpose
    advisories = tuple(open_advisories(known, at.repo.pk, at.commit))
    waivers = open_waivers(known, at.repo.pk, at.commit, standing.binding, profile)
    facts = {
        **{name: {} for name in _PARTS},
        **found,
        "subject": _subject(viewer, found),
        "team": team(profile, acceptances_missing=_acceptances(viewer, profile, found)),
        "env": str(profile.environment),
        "now": clock.now(),
        "pull": _pull(at, purpose, client),
        "waivers": sorted(waivers),
        **_advised(advisories),
    }
    is_done = standing.is_examined and facts.get("scan", {}).get("state", "done") == "done"
    why = bad.get(path, "") if (path or content) and not facts["subject"]["reviews_security"] else ""
    return _Case(viewer, at, known, profile, purpose, facts, (path, why), advisories, waivers, is_done)


def _subject(viewer: Viewer, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody reviews security is asked only where it matters."""
    is_bad = facts["rev"]["state"] == "quarantined" or facts.get("scan", {}).get("worst") == "malicious"
    reviews = bool(is_bad) and Domain.SECURITY in domains_of(viewer)
    return {"name": viewer.name, "is_signed_in": viewer.is_signed_in, "reviews_security": reviews}


def _acceptances(viewer: Viewer, profile: Profile, facts: Mapping[str, Any]) -> int | None:
    """How many licence texts the viewer (or the profile's organisation) has yet to accept; None: nobody knows."""
    texts = facts.get("lineage", {}).get("texts_to_accept")
    if not texts:
        return None if texts is None else 0
    missing = pull_facts.source("access", "acceptances_missing")
    return len(missing(viewer, profile.organisation, texts)) if missing else None


def _pull(at: Revision, purpose: str, client: str) -> dict[str, Any]:
    page = f"{_PREFIX.get(at.repo.kind, '/')}{at.repo.full_name}"
    return {
        "asked": at.name,
        "commit": at.commit,
        "is_pinned": not (at.ref or "").startswith("refs/heads/"),
        "purpose": purpose,
        "client": client,
        "review": f"{page}/review/{at.commit}",
        "access": f"{page}/access",
    }


def _advised(advisories: Iterable[Advisory]) -> dict[str, Any]:
    """The kinds that are open, and the one that weighs most in full."""
    listed = sorted(advisories, key=lambda one: one.kind == Advisory.Kind.DEPRECATED)
    told: dict[str, Any] = {"advisories": [one.kind for one in listed], "advisory": {}}
    if listed:
        told["advisory"] = {
            "kind": listed[0].get_kind_display().lower(),
            "reason": listed[0].reason,
            "replacement": listed[0].replacement or "another model",
            "by": listed[0].by,
        }
    return plain(told)


def _decided(case: _Case) -> PullDecision:
    rules = case.known.stage("pull")
    findings = judge(rules, case.facts, lambda rule: case.known.mode_of(rule, case.profile))
    waived = [one for one in findings if one.rule.code in case.waivers]
    counted = [one for one in findings if one.rule.code not in case.waivers]
    denials = [_reason(case, one) for one in counted if one.mode == ENFORCE]
    if case.quarantined[1]:
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
        noticed=tuple(one.rule.code for one in counted if one.mode == MONITOR),
        replacement=next((one.replacement for one in case.advisories if one.replacement), ""),
    )


def _reason(case: _Case, finding: Finding) -> Reason:
    return Reason(finding.rule.code, finding.rule.title, finding.message, finding.mend, _decider(case, finding))


def _decider(case: _Case, finding: Finding) -> str:
    """Who is behind it: of the review, of the advisory, of the rule as it was changed here; else the hub's rules."""
    if finding.rule.code in _OF_REVIEW and (by := case.facts["rev"].get("decided_by")):
        return str(by)
    if finding.rule.code == _OF_ADVISORY:
        return str(case.facts["advisory"].get("by", ""))
    return finding.rule.by or "this hub's rules"


def _reason_of_quarantine(case: _Case) -> Reason:
    path, why = case.quarantined
    mend = f"Use another revision. A security reviewer can look into it at {case.facts['pull']['review']}."
    return Reason(_QUARANTINE, "Malicious files", f"{path or 'The file'} is quarantined: {why}", mend, "the scan")


def _conditions_of(case: _Case) -> tuple[str, ...]:
    rev = case.facts["rev"]
    return tuple(rev["conditions"]) if rev["state"] == "conditional" else ()


def _waived(waiver: Waiver) -> str:
    more = "".join(f" {condition}" for condition in waiver.conditions)
    return f"{waiver.rule} is waived until {waiver.expires_at:%Y-%m-%d}, granted by {waiver.approved_by}.{more}"


def _deprecated(case: _Case) -> list[Reason]:
    """What is open against it but doesn't deny."""
    return [
        Reason("deprecated", "Deprecated", one.reason, f"Use {one.replacement}." if one.replacement else "", one.by)
        for one in case.advisories
        if one.kind == Advisory.Kind.DEPRECATED
    ]


def _warnings(case: _Case, findings: list[Finding]) -> list[Reason]:
    """Each that knows its facts; all that don't, in one."""
    told = [_reason(case, one) for one in findings if not one.unknown]
    blind = [one for one in findings if one.unknown]
    if not case.is_examined:
        codes = ", ".join(one.rule.code for one in blind) or "the rules"
        mend = "Wait for its examination. Production takes it only after that."
        told.append(Reason("scanning", "Not examined yet", f"{codes} can't be answered yet.", mend))
    elif blind:
        paths = ", ".join(dict.fromkeys(path for one in blind for path in one.unknown))
        codes = ", ".join(one.rule.code for one in blind)
        told.append(Reason("unknown", "Not known", f"unknown: {paths} ({codes}).", "Complete its records."))
    return told


def forget() -> None:
    """Drop what this process keeps of rules and facts, for tests."""
    known_policies.forget()
    pull_facts.forget()
    quarantine.forget()
