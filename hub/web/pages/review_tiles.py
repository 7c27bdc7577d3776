"""The five domains of a revision, each with where it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance import states
from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_screen import Screen


@dataclass(frozen=True)
class Tile:
    """One domain: its state in a word, what its evidence comes to, what blocks it, and who decided or may decide."""

    domain: str
    label: str
    state: str
    tone: str
    mark: str
    blocking: tuple[str, ...]
    who: str
    at: dt.datetime | None
    is_open: bool
    may_decide: bool


def tiles(screen: Screen, marks: Mapping[str, str]) -> tuple[Tile, ...]:
    """`marks`: what the evidence comes to, by domain; it stands further down, under the domain's name."""
    by_domain = {each.domain: each for each in screen.picture.domains}
    named = said.domains().items()
    return tuple(_tile(domain, label, by_domain[domain], marks.get(domain, "")) for domain, label in named)


def _tile(domain: str, label: str, review: Any, mark: str) -> Tile:
    is_open = review.state not in states.CLOSED
    decided = review.by if review.by and review.state != "pending" else ""
    who = f"by {'the hub itself' if decided == 'system' else decided}" if decided else "a reviewer decides"
    return Tile(
        domain=domain,
        label=label,
        state=review.state_label,
        tone=said.tone_of(review.state),
        mark=mark,
        blocking=review.blocking if is_open else (),
        who=who,
        at=review.at if decided else None,
        is_open=is_open,
        may_decide=review.may_decide,
    )
