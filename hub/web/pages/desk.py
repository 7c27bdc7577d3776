"""The desk: revisions that wait for reviewers, riskiest first."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from hub.accounts.viewer import Viewer
from hub.core.text import digits
from hub.governance.selectors import desk as selectors
from hub.governance.selectors import review_words as words
from hub.governance.selectors.review_screen import revision_by_id
from hub.web.pages import governance_links as links
from hub.web.pages import review_acts

PAGE = 30
_SHORT = {"security": "Sec", "licence": "Lic", "data": "Data", "bias": "Bias", "use": "Use"}


@dataclass(frozen=True)
class Mark:
    """The state of one domain, small: a few letters with a shape and colour, the whole in words for who can't see."""

    domain: str
    short: str
    label: str
    state: str
    tone: str
    is_open: bool


@dataclass(frozen=True)
class Row:
    pk: int
    url: str
    owner: str
    name: str
    kind: str
    commit: str
    state: str
    tone: str
    tier: int | None
    tier_words: str
    marks: tuple[Mark, ...]
    missing: int
    severity: str
    severity_tone: str
    uploader: str
    since: dt.datetime
    expires_at: dt.datetime | None
    assigned: str
    is_private: bool


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Select:
    """One filter: a list of which one is chosen, the first of them everything."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class DeskPage:
    title: str
    rows: tuple[Row, ...]
    total: int
    text: str
    is_mine: bool
    is_filtered: bool
    selects: tuple[Select, ...]
    reviewers: tuple[str, ...]
    me: str
    here: str
    next_url: str
    previous_url: str
    range_words: str
    # The key "/" goes to the filter here, not to the search of the whole hub.
    has_own_search: bool = True


def build(viewer: Viewer, asked: Mapping[str, str]) -> DeskPage:
    """`asked` is the query of the address. Raises `NotAReviewer` for who reviews nothing."""
    wanted = filter_of(asked)
    offset = min(digits(asked.get("from", "")) or 0, 1_000_000)
    found = selectors.queue(viewer, wanted, offset=offset, limit=PAGE)
    rows = tuple(_row(revision) for revision in found.rows)
    last = offset + len(rows)
    return DeskPage(
        title="Review desk",
        rows=rows,
        total=found.total,
        text=wanted.text,
        is_mine=wanted.is_mine,
        is_filtered=wanted != selectors.QueueFilter(),
        selects=_selects(wanted, found.reviewers, viewer.name),
        reviewers=found.reviewers,
        me=viewer.name,
        here=_url(asked, offset),
        next_url=_url(asked, last) if last < found.total else "",
        previous_url=_url(asked, max(0, offset - PAGE)) if offset else "",
        range_words=f"{offset + 1:,} to {last:,} of {found.total:,}" if rows else "",
    )


def assign(viewer: Viewer, revision: str, name: str) -> str:
    """Give a revision (by its number) to somebody; in words what was done."""
    return review_acts.assign(viewer, revision_by_id(viewer, digits(revision) or 0), name)


def filter_of(asked: Mapping[str, str]) -> selectors.QueueFilter:
    """What is asked for; values that nobody knows ask for nothing."""
    tier = asked.get("tier", "")
    return selectors.QueueFilter(
        is_mine=asked.get("mine") == "yes",
        domain=_known(asked, "domain", words.domains()),
        state=_known(asked, "state", {**words.states(), selectors.EXPIRING: ""}),
        tier=int(tier) if tier in ("0", "1", "2", "3", "4") else None,
        assigned=asked.get("assigned", "")[:96],
        kind=_known(asked, "kind", {"model": "", "dataset": ""}),
        text=asked.get("q", "").strip()[:200],
    )


def marks_of(revision: Any) -> tuple[Mark, ...]:
    """The five domains in their order; `revision` with its domains."""
    by_domain = {each.domain: each for each in revision.domains.all()}
    return tuple(_mark(domain, label, by_domain.get(domain)) for domain, label in words.domains().items())


def _mark(domain: str, label: str, review: Any) -> Mark:
    state = review.state if review else "pending"
    said = words.domain_states()[state].lower()
    return Mark(domain, _SHORT[domain], label, said, words.tone_of(state), state not in selectors.CLOSED)


def _row(revision: Any) -> Row:
    repo = revision.repo
    marks = marks_of(revision)
    return Row(
        pk=revision.pk,
        url=links.review_url(repo.kind, repo.full_name, revision.commit),
        owner=repo.owner.name,
        name=repo.name,
        kind="Data set" if repo.kind == "dataset" else "Model",
        commit=revision.commit[:12],
        state=revision.get_state_display(),
        tone=words.tone_of(revision.state),
        tier=revision.tier,
        tier_words=words.tier_words(revision.tier),
        marks=marks,
        missing=sum(mark.is_open for mark in marks),
        severity=f"bias: {repo.get_bias_severity_display().lower()}" if repo.bias_severity else "",
        severity_tone="bad" if repo.bias_severity in ("high", "critical") else "warn",
        uploader=revision.uploader,
        since=revision.submitted_at or revision.created_at,
        expires_at=revision.expires_at,
        assigned=revision.assigned_to.username if revision.assigned_to else "",
        is_private=repo.is_private,
    )


def _selects(wanted: selectors.QueueFilter, reviewers: tuple[str, ...], me: str) -> tuple[Select, ...]:
    states = {state: words.states()[state] for state in selectors.QUEUED} | {selectors.EXPIRING: "Approval ends soon"}
    tiers = {str(tier): f"{tier}, {said}" for tier, said in words.TIERS.items()} | {"0": "not set"}
    people = {me: "me"} | {name: name for name in reviewers if name != me} | {"nobody": "nobody"}
    tier = "" if wanted.tier is None else str(wanted.tier)
    return (
        _select("state", "State", states, wanted.state),
        _select("domain", "Open domain", words.domains(), wanted.domain),
        _select("tier", "Tier", tiers, tier),
        _select("assigned", "Assigned to", people, wanted.assigned),
        _select("kind", "Kind", {"model": "Models", "dataset": "Data sets"}, wanted.kind),
    )


def _select(name: str, label: str, values: Mapping[str, str], chosen: str) -> Select:
    options = (Option(value, said, str(value) == chosen) for value, said in {"": "any", **values}.items())
    return Select(name, label, tuple(options))


def _known(asked: Mapping[str, str], name: str, values: Mapping[str, str]) -> str:
    value = asked.get(name, "")
    return value if value in values else ""


def _url(asked: Mapping[str, str], offset: int) -> str:
    kept = {name: value for name, value in asked.items() if value and name != "from"}
    query = urlencode({**kept, "from": offset} if offset else kept)
    return links.DESK + (f"?{query}" if query else "")
