"""What a card says of its review: the state, who decided it for what, and until when."""

from dataclasses import dataclass
from typing import Any

from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_screen import review_in_short
from hub.web.pages import governance_links, repo, words
from hub.web.pages.desk import Mark, marks_of

_HOLDS = ("approved", "conditional", "superseded", "suspended", "expired")


@dataclass(frozen=True)
class Short:
    """`sentence` is who decided when, for which purposes, until when; empty before anybody did."""

    state: str
    tone: str
    url: str
    sentence: str
    tier: str
    reason: str
    conditions: tuple[str, ...]
    binding: str
    marks: tuple[Mark, ...]


def build(place: repo.Place) -> Short:
    """Of the revision that the page shows; without a record, what the repository has."""
    kind, full_name, _ = place.at
    commit = place.revision.commit if place.revision else ""
    revision, decisions = review_in_short(place.repo, commit)
    if revision is None:
        url = governance_links.review_url(kind, full_name)
        return Short("Not reviewed", "", url, "", "", "", (), "", ())
    holds = revision.state in _HOLDS
    return Short(
        state=revision.get_state_display(),
        tone=said.tone_of(revision.state),
        url=governance_links.review_url(kind, full_name, commit),
        sentence=_sentence(revision, decisions) if holds else "",
        tier=said.tier_words(revision.tier) if revision.tier else "",
        reason=revision.reason,
        conditions=tuple(str(each) for each in revision.conditions) if holds else (),
        binding=revision.binding[:12] if holds else "",
        marks=marks_of(revision),
    )


def _sentence(revision: Any, decisions: Any) -> str:
    """`Approved by ada and grace on 3 May 2026, for triage support, until 3 November 2026.`"""
    people = [each.by for each in decisions if each.by != "system" and each.state in ("approved", "conditional")]
    by = f" by {words.listed(list(dict.fromkeys(people)))}" if people else ""
    on = f" on {revision.decided_at:%-d %B %Y}" if revision.decided_at else ""
    purposes = f", for {words.listed([str(each) for each in revision.purposes])}" if revision.purposes else ""
    until = f", until {revision.expires_at:%-d %B %Y}" if revision.expires_at else ""
    return f"Approved{by}{on}{purposes}{until}."
