"""Who could pull a revision if it were approved now: every profile against the rules, with nothing recorded."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.core import clock
from hub.governance.models import Profile, Revision, State
from hub.governance.policy.context import team
from hub.governance.policy.verdicts import ENFORCE, judge
from hub.governance.selectors import pull_facts
from hub.governance.selectors.policies import Policies, open_advisories, open_waivers, policies, stock_profile

MOST = 200
_ASSUMED = dt.timedelta(days=90)


@dataclass(frozen=True)
class Blocked:
    """A profile that could not pull it, with the rules (code and title) that would stop it."""

    profile: str
    organisation: str
    environment: str
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Preview:
    allowed: int
    blocked: tuple[Blocked, ...]


def preview(viewer: Viewer, revision: Revision) -> Preview:
    """As if every domain of it were approved at this moment, pulled by commit and with the profile's own purpose."""
    known = policies()
    profiles = list(known.profiles.values())[:MOST] or [stock_profile()]
    standing = pull_facts.standing_of(revision.repo, revision.commit, token=None)
    facts = dict(pull_facts.facts_of(standing))
    facts.pop(pull_facts.QUARANTINED, None)
    end = max(revision.expires_at or clock.now(), clock.now() + _ASSUMED)
    facts["rev"] = {**facts["rev"], "state": str(State.APPROVED), "expires_at": end}
    judged = [(profile, _stopped_by(viewer, revision, known, profile, facts)) for profile in profiles]
    blocked = tuple(_blocked(profile, rules) for profile, rules in judged if rules)
    return Preview(len(judged) - len(blocked), blocked)


def _stopped_by(
    viewer: Viewer, revision: Revision, known: Policies, profile: Profile, facts: dict[str, Any]
) -> tuple[tuple[str, str], ...]:
    texts = facts.get("lineage", {}).get("texts_to_accept")
    missing = pull_facts.source("access", "acceptances_missing")
    count = len(missing(viewer, profile.organisation, texts)) if texts and missing else 0 if texts == [] else None
    waived = open_waivers(known, revision.repo_id, revision.commit, revision.binding, profile)
    advisories = open_advisories(known, revision.repo_id, revision.commit)
    asked = {
        **facts,
        "subject": {"name": viewer.name, "is_signed_in": True, "reviews_security": False},
        "team": team(profile, acceptances_missing=count),
        "env": profile.environment,
        "now": clock.now(),
        "pull": {
            "asked": revision.commit,
            "commit": revision.commit,
            "is_pinned": True,
            "purpose": profile.default_purpose,
            "client": "",
            "review": "",
            "access": "",
        },
        "waivers": sorted(waived),
        "advisories": [each.kind for each in advisories],
        "advisory": {},
    }
    found = judge(known.stage("pull"), asked, lambda rule: known.mode_of(rule, profile))
    return tuple(
        (each.rule.code, each.rule.title) for each in found if each.mode == ENFORCE and each.rule.code not in waived
    )


def _blocked(profile: Profile, rules: tuple[tuple[str, str], ...]) -> Blocked:
    organisation = profile.organisation.name if profile.organisation else ""
    return Blocked(profile.name, organisation, profile.get_environment_display(), rules)
