"""What decides on pulls, as this process knows it: rules, modes, profiles, waivers, advisories; kept until the trail of
policy changes goes on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from django.db.models import Max, Q

from hub.accounts.viewer import Viewer
from hub.core import clock
from hub.governance.models import Advisory, Environment, PolicyChange, Profile, Rule, RuleMode, Waiver
from hub.governance.policy.rules import RuleAt
from hub.governance.policy.rules import shipped as _shipped_rules
from hub.governance.policy.verdicts import MONITOR

STOCK = "default"
_GRAVEST = (Advisory.Kind.RECALLED, Advisory.Kind.DO_NOT_USE, Advisory.Kind.DEPRECATED)
# Lists hear of a change within as many seconds.
FRESH_S = 5.0
_lock = Lock()
_asked: dict[str, float] = {}
_kept: dict[str, "Policies"] = {}


@dataclass(frozen=True)
class Policies:
    """All of it as of one policy change (`number`)."""

    number: int
    rules: Mapping[str, RuleAt]
    modes: Mapping[tuple[str, str | int], str]
    profiles: Mapping[int, Profile]
    waivers: Mapping[int, tuple[Waiver, ...]] = field(default_factory=dict)
    advisories: Mapping[int, tuple[Advisory, ...]] = field(default_factory=dict)

    def mode_of(self, rule: RuleAt, profile: Profile) -> str:
        """The profile's own, else the environment's, else the one that the rule came with."""
        for where in (profile.pk, profile.environment):
            if where is not None and (found := self.modes.get((rule.code, where))):
                return found
        return rule.modes.get(profile.environment, MONITOR)

    def stage(self, stage: str) -> list[RuleAt]:
        return [rule for rule in self.rules.values() if rule.stage == stage]


def policies(number: int | None = None) -> Policies:
    """As of that policy change (None: the newest); read anew only when there is a newer one that isn't of evidence."""
    number = newest() if number is None else number
    kept = _kept.get("now")
    if kept is None or kept.number != number:
        with _lock:
            kept = _as_of(number, kept)
            _kept["now"] = kept
    return kept


def lately() -> Policies:
    """As this process knows it: asked for anew every few seconds, so that a list costs no query for it."""
    kept, now = _kept.get("now"), clock.now().timestamp()
    if kept and 0 <= now - _asked.get("at", 0.0) < FRESH_S:
        return kept
    _asked["at"] = now
    return policies()


def _as_of(number: int, kept: Policies | None) -> Policies:
    """A hub where nobody ever changed a thing has what ships with it; whatever is written leaves a change."""
    since = kept.number if kept and kept.number <= number else 0
    changes = PolicyChange.objects.filter(pk__gt=since, pk__lte=number).exclude(kind=PolicyChange.Kind.EVIDENCE)
    if number == since or not changes.exists():
        return replace(kept, number=number) if kept and since else Policies(number, _shipped_rules(), {}, {})
    return _read(number)


def forget() -> None:
    """Drop what is kept, for tests."""
    _kept.clear()


def newest() -> int:
    return PolicyChange.objects.aggregate(end=Max("pk"))["end"] or 0


def policy_version() -> int:
    """Increases with each change of a rule or of a mode, and with nothing else."""
    kinds = (PolicyChange.Kind.RULE, PolicyChange.Kind.MODE)
    return 1 + PolicyChange.objects.filter(kind__in=kinds).count()


def history_of(code: str) -> list[PolicyChange]:
    """Changes of a rule and of its modes, the newest first."""
    kinds = (PolicyChange.Kind.RULE, PolicyChange.Kind.MODE)
    return list(PolicyChange.objects.filter(kind__in=kinds, subject=code).order_by("-pk")[:100])


def stock_profile() -> Profile:
    """Who names no profile on a hub that has no default one."""
    return Profile(name=STOCK, environment=Environment.DEVELOPMENT, created_by="system")


def profile_of(viewer: Viewer, known: Policies, token_profile: int | None) -> Profile:
    """The token's; else the default one of the viewer's only organisation that has one; else the hub's."""
    if token_profile is not None and token_profile in known.profiles:
        return known.profiles[token_profile]
    defaults = [profile for profile in known.profiles.values() if profile.is_default]
    of_organisations = [profile for profile in defaults if profile.organisation_id]
    if of_organisations and viewer.user:
        own = [one for one in of_organisations if one.organisation and one.organisation.namespace_id in viewer.roles]
        if len(own) == 1:
            return own[0]
    return next((profile for profile in defaults if not profile.organisation_id), stock_profile())


def open_waivers(known: Policies, repo_id: int, commit: str, binding: str, profile: Profile) -> dict[str, Waiver]:
    """By rule, the exceptions that hold for this revision and profile at this moment."""
    now = clock.now()
    return {
        waiver.rule: waiver
        for waiver in known.waivers.get(repo_id, ())
        if waiver.expires_at > now
        and waiver.commit in ("", commit)
        and waiver.profile_id in (None, profile.pk)
        and waiver.binding in ("", binding)
    }


def open_advisories(known: Policies, repo_id: int, commit: str) -> list[Advisory]:
    return [one for one in known.advisories.get(repo_id, ()) if one.commit in ("", commit)]


def advised_in_short(repo_id: int) -> tuple[str, bool]:
    """What a list says of a repository with an advisory on all of it, and whether that says not to use it; the gravest
    one, or nothing."""
    found = [one for one in lately().advisories.get(repo_id, ()) if not one.commit]
    found.sort(key=lambda one: _GRAVEST.index(one.kind))
    return (found[0].get_kind_display(), found[0].kind != Advisory.Kind.DEPRECATED) if found else ("", False)


def notices_on(repo_id: int) -> list[tuple[str, bool]]:
    """What whoever looks at the repository must know: advisories that are open, waivers that hold; and whether it is
    a reason not to use it."""
    known, now = policies(), clock.now()
    told = []
    for one in known.advisories.get(repo_id, ()):
        use = f" Use {one.replacement}." if one.replacement else ""
        which = f" (revision {one.commit[:12]})" if one.commit else ""
        told.append((f"{one.get_kind_display()}{which}: {one.reason}{use}", one.kind != Advisory.Kind.DEPRECATED))
    for waiver in known.waivers.get(repo_id, ()):
        if waiver.expires_at > now:
            until = f"{waiver.expires_at:%-d %B %Y}"
            said = f"{waiver.rule} is waived until {until}, granted by {waiver.approved_by}: {waiver.reason}"
            told.append((said, False))
    return told


def _read(number: int) -> Policies:
    return Policies(
        number=number,
        rules=_rules(),
        modes={(row.code, row.profile_id or row.environment): row.mode for row in RuleMode.objects.all()},
        profiles={row.pk: row for row in Profile.objects.select_related("organisation__namespace")},
        waivers=_by_repo(Waiver.objects.filter(_granted(clock.now())).order_by("pk")),
        advisories=_by_repo(Advisory.objects.filter(lifted_at=None).order_by("pk")),
    )


def _granted(now: dt.datetime) -> Q:
    return Q(approved_at__isnull=False, ended_at=None, expires_at__gt=now)


def _by_repo(rows: Any) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        found[row.repo_id] = (*found.get(row.repo_id, ()), row)
    return found


def _rules() -> dict[str, RuleAt]:
    """What ships, then what was written here: the newest version of each."""
    known = dict(_shipped_rules())
    for row in Rule.objects.order_by("code", "number"):
        before = known.get(row.code)
        known[row.code] = RuleAt(
            code=row.code,
            stage=row.stage,
            title=row.title,
            expression=row.expression,
            message=row.message,
            mend=row.mend,
            modes=before.modes if before else {},
            grace_days=before.grace_days if before else 0,
            number=row.number,
            by=row.by,
        )
    return known
