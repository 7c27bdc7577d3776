"""All that one decision on a pull rests on: who asks, for what, under which rules, on which facts."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import may_administer
from hub.catalog.selectors import Revision
from hub.core import clock
from hub.governance.models import Advisory, Domain, Profile, Waiver
from hub.governance.permissions import domains_of
from hub.governance.policy.context import plain, team
from hub.governance.selectors import pull_facts, quarantine
from hub.governance.selectors.access import acceptances_missing
from hub.governance.selectors.closed import is_closed_to_eu
from hub.governance.selectors.policies import Policies, open_advisories, open_waivers, policies, profile_of
from hub.governance.selectors.pull_facts import Standing

_PREFIX = {"dataset": "/datasets/"}
_PARTS = ("license", "lineage", "data", "bias", "scan")


@dataclass(frozen=True)
class Case:
    """`stored` are the facts of the revision, `bad` the paths of quarantined files with why, `missing` how many licence
    texts the viewer has yet to accept. `path`, or "" for all of it; `state`: as if it stood there."""

    viewer: Viewer
    at: Revision
    known: Policies
    profile: Profile
    standing: Standing
    stored: Mapping[str, Any]
    bad: Mapping[str, str]
    missing: int | None
    purpose: str = ""
    client: str = ""
    path: str = ""
    is_of_bytes: bool = False
    state: str = ""
    closed_to_eu: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """Cases of the same key end alike, while `until` isn't over."""
        at, who = self.at, (self.viewer.name, self.profile.pk)
        asked = (at.name, at.ref, self.purpose, self.client, self.missing, self.closed_to_eu)
        place = (at.repo.pk, at.repo.full_name, at.commit)
        return (self.standing.number, self.standing.version, id(self.stored), *who, *asked, *place)

    @property
    def until(self) -> dt.datetime:
        """The next moment at which time alone changes the end; now, where a rule of this hub looks at the clock."""
        now = clock.now()
        rules = self.known.stage("pull")
        if any("now" in rule.expression for rule in rules if not rule.is_shipped):
            return now
        moments = [waiver.expires_at for waiver in self.known.waivers.get(self.at.repo.pk, ())]
        if (ends := self.standing.expires_at) is not None:
            moments += [ends, *(ends + dt.timedelta(days=rule.grace_days) for rule in rules if rule.grace_days)]
        longest = dt.timedelta(seconds=pull_facts.SECONDS)
        return min((moment for moment in moments if moment > now), default=now + longest)

    @cached_property
    def advisories(self) -> tuple[Advisory, ...]:
        return tuple(open_advisories(self.known, self.at.repo.pk, self.at.commit))

    @cached_property
    def waivers(self) -> Mapping[str, Waiver]:
        return open_waivers(self.known, self.at.repo.pk, self.at.commit, self.standing.binding, self.profile)

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """As the rules take them."""
        found = {**{name: {} for name in _PARTS}, **self.stored}
        if self.state:
            found["rev"] = {**found["rev"], "state": self.state}
        if self.bad:
            found["scan"] = {**found["scan"], "worst": "malicious", "quarantined": sorted(self.bad)[:5]}
        return {
            **found,
            "subject": _subject(self.viewer, found),
            "team": team(self.profile, acceptances_missing=self.missing),
            "env": str(self.profile.environment),
            "now": clock.now(),
            "pull": _pull(self.at, self.purpose, self.client) | {"closed_to_eu": self.closed_to_eu},
            "waivers": sorted(self.waivers),
            **_advised(self.advisories),
        }

    @property
    def quarantined(self) -> str:
        """Why these very bytes are quarantined for the viewer; empty where they aren't."""
        if not self.is_of_bytes or self.path not in self.bad or self.facts["subject"]["reviews_security"]:
            return ""
        return self.bad[self.path]


def case_of(
    viewer: Viewer,
    at: Revision,
    *,
    purpose: str = "",
    client: str = "",
    path: str = "",
    content: str = "",
    profile: Profile | None = None,
    state: str = "",
) -> Case:
    """One query, where the facts are known to this process and no licence text has to be accepted; one more for what is
    gated."""
    standing = pull_facts.standing_of(at.repo, at.commit, token=viewer.token.pk if viewer.token else None)
    known = policies(standing.number)
    profile = profile or profile_of(viewer, known, standing.token_profile)
    stored = pull_facts.facts_of(standing)
    held = quarantine.quarantined(standing.number)
    bad = quarantine.quarantined_below(at.tree, standing.number)
    return Case(
        viewer=viewer,
        at=at,
        known=known,
        profile=profile,
        standing=standing,
        stored=stored,
        bad={**bad, path: held[content]} if content in held else bad,
        missing=_acceptances(viewer, profile, stored),
        purpose=purpose[:100] or profile.default_purpose,
        client=client,
        path=path,
        is_of_bytes=bool(path or content),
        state=state,
        closed_to_eu=is_closed_to_eu(at.repo) and not may_administer(viewer, at.repo),
    )


def _subject(viewer: Viewer, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody reviews security is asked only where it matters."""
    is_bad = facts["rev"]["state"] == "quarantined" or facts["scan"].get("worst") == "malicious"
    reviews = bool(is_bad) and Domain.SECURITY in domains_of(viewer)
    return {"name": viewer.name, "is_signed_in": viewer.is_signed_in, "reviews_security": reviews}


def _acceptances(viewer: Viewer, profile: Profile, facts: Mapping[str, Any]) -> int | None:
    """How many licence texts the viewer (or the profile's organisation) has yet to accept; None: nobody knows."""
    texts = facts.get("lineage", {}).get("texts_to_accept")
    if not texts:
        return None if texts is None else 0
    return len(acceptances_missing(viewer, profile.organisation, texts))


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
