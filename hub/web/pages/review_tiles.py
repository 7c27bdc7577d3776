"""The five domains of a revision, each with where it stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.governance import states
from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_screen import Screen


@dataclass(frozen=True)
class Tile:
    """One domain: its state in a word, what blocks it, and who decided or may decide."""

    domain: str
    label: str
    state: str
    tone: str
    blocking: tuple[str, ...]
    who: str
    at: dt.datetime | None
    is_open: bool
    may_decide: bool


def tiles(screen: Screen) -> tuple[Tile, ...]:
    by_domain = {each.domain: each for each in screen.picture.domains}
    return tuple(_tile(domain, label, by_domain[domain]) for domain, label in said.domains().items())


def _tile(domain: str, label: str, review: Any) -> Tile:
    is_open = review.state not in states.CLOSED
    decided = review.by if review.by and review.state != "pending" else ""
    who = f"by {'the hub itself' if decided == 'system' else decided}" if decided else "a reviewer decides"
    return Tile(
        domain=domain,
        label=label,
        state=review.state_label,
        tone=said.tone_of(review.state),
        blocking=review.blocking if is_open else (),
        who=who,
        at=review.at if decided else None,
        is_open=is_open,
        may_decide=review.may_decide,
    )
