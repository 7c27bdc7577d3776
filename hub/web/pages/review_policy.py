"""Who could pull it if it were approved now."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hub.governance.selectors.policies import policies, stock_profile
from hub.governance.selectors.review_screen import Screen
from hub.governance.services.pulls import preview
from hub.web.pages import repo, words
from hub.web.pages.links import Link

MOST = 20
MOST_ASKED = 200


@dataclass(frozen=True)
class Rule:
    link: Link
    title: str
    count: str


@dataclass(frozen=True)
class Stopped:
    name: str
    environment: str
    rules: str


@dataclass(frozen=True)
class Preview:
    """`stopped` names the profiles, for reviewers alone; the rules and counts are for everybody."""

    summary: str
    rules: tuple[Rule, ...]
    stopped: tuple[Stopped, ...]
    left: str


def build(place: repo.Place, screen: Screen) -> Preview:
    known = list(policies().profiles.values())[:MOST_ASKED] or [stock_profile()]
    told = preview(place.revision, known, state="approved")
    blocked = [(profile, decision) for profile, decision in told if decision.is_denied]
    counts = Counter((reason.code, reason.title) for _, decision in blocked for reason in decision.reasons)
    named = tuple(_stopped(profile, decision) for profile, decision in blocked) if screen.domains else ()
    may = f"{words.plural(len(told) - len(blocked), 'profile')} may pull it"
    return Preview(
        summary=f"If approved now: {may}, {len(blocked):,} blocked.",
        rules=tuple(_rule(code, title, count) for (code, title), count in counts.most_common(MOST)),
        stopped=named[:MOST],
        left=f"and {len(named) - MOST:,} more" if len(named) > MOST else "",
    )


def _rule(code: str, title: str, count: int) -> Rule:
    return Rule(Link(code, f"/governance/rules/{code}"), title, f"stops {words.plural(count, 'profile')}")


def _stopped(profile: Any, decision: Any) -> Stopped:
    name = f"{profile.organisation.name}: {profile.name}" if profile.organisation else profile.name
    codes = ", ".join(reason.code for reason in decision.reasons)
    return Stopped(name, profile.get_environment_display().lower(), codes)
