"""Try a changed rule on the pulls of the last 30 days, before it is saved: who would have been stopped, who freed."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog.selectors import Revision
from hub.governance.models import Profile, PullRecord
from hub.governance.permissions import check_governor
from hub.governance.policy.rules import RuleAt
from hub.governance.policy.verdicts import ENFORCE
from hub.governance.selectors.policies import Policies, policies, stock_profile
from hub.governance.selectors.pulls import Tried, recent_cases, replayed
from hub.governance.services.pulls import speaks


@dataclass(frozen=True)
class DryRun:
    """`looked_at` pulls were judged anew on the facts of today; `changes` are those that would end otherwise."""

    looked_at: int
    changes: tuple[Tried, ...]

    @property
    def stopped(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.changes if one.is_stopped)

    @property
    def freed(self) -> tuple[Tried, ...]:
        return tuple(one for one in self.changes if not one.is_stopped)


def dry_run(*, by: Viewer, rule: RuleAt, modes: Mapping[str, str] | None = None) -> DryRun:
    """Judge recent pulls by this version of the rule, with these modes by environment (else those that hold)."""
    check_governor(by, "try a rule")
    known = policies()
    changes, looked_at = [], 0
    for counted, row in recent_cases():
        looked_at += counted["pulls"]
        if changed := _tried(known, rule, modes or {}, row, counted["pulls"]):
            changes.append(changed)
    return DryRun(looked_at, tuple(changes))


def _tried(known: Policies, rule: RuleAt, modes: Mapping[str, str], row: PullRecord, pulls: int) -> Tried | None:
    found = replayed(row)
    if found is None:
        return None
    viewer, at = found
    profile = known.profiles.get(row.profile_id or 0) or stock_profile()
    held = known.rules.get(rule.code)
    before = held is not None and _denies(viewer, at, row, held, known.mode_of(held, profile), profile)
    now = _denies(viewer, at, row, rule, modes.get(profile.environment) or known.mode_of(rule, profile), profile)
    if before == now:
        return None
    return Tried(row.by, profile.name, row.repo_name, row.commit, pulls, is_stopped=now)


def _denies(viewer: Viewer, at: Revision, row: PullRecord, rule: RuleAt, mode: str, profile: Profile) -> bool:
    return mode == ENFORCE and speaks(viewer, at, rule, purpose=row.purpose, profile=profile)
