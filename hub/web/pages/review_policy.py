"""Who could pull it if it were approved now."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.selectors.pull_preview import preview
from hub.governance.selectors.review_screen import Screen
from hub.web.pages import words
from hub.web.pages.links import Link

MOST = 20


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


def build(viewer: Viewer, screen: Screen) -> Preview:
    found = preview(viewer, screen.revision)
    counts = Counter(rule for blocked in found.blocked for rule in blocked.rules)
    named = tuple(_stopped(blocked) for blocked in found.blocked) if screen.domains else ()
    may = f"{words.plural(found.allowed, 'profile')} may pull it"
    return Preview(
        summary=f"If approved now: {may}, {len(found.blocked):,} blocked.",
        rules=tuple(_rule(code, title, count) for (code, title), count in counts.most_common(MOST)),
        stopped=named[:MOST],
        left=f"and {len(named) - MOST:,} more" if len(named) > MOST else "",
    )


def _rule(code: str, title: str, count: int) -> Rule:
    return Rule(Link(code, f"/governance/rules/{code}"), title, f"stops {words.plural(count, 'profile')}")


def _stopped(blocked: Any) -> Stopped:
    name = f"{blocked.organisation}: {blocked.profile}" if blocked.organisation else blocked.profile
    return Stopped(name, blocked.environment.lower(), ", ".join(code for code, _ in blocked.rules))
