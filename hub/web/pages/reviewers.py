"""Who reviews what: for everybody to see, for administrators to change."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.governance.selectors import desk
from hub.governance.selectors import review_words as said
from hub.governance.services import people
from hub.web.pages import links, words


@dataclass(frozen=True)
class Grant:
    domain: str
    label: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Person:
    name: str
    url: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class ReviewersPage:
    """`uncovered` are the domains that only administrators could decide on."""

    title: str
    people: tuple[Person, ...]
    uncovered: tuple[str, ...]
    domains: tuple[tuple[str, str], ...]
    may_change: bool


def build(viewer: Viewer) -> ReviewersPage:
    found = desk.reviewers()
    covered = {row.domain for _, rows in found for row in rows}
    return ReviewersPage(
        title="Reviewers",
        people=tuple(_person(name, rows) for name, rows in found),
        uncovered=tuple(label.lower() for domain, label in said.domains().items() if domain not in covered),
        domains=tuple(said.domains().items()),
        may_change=viewer.is_admin,
    )


def change(viewer: Viewer, action: str, name: str, domains: Sequence[str]) -> str:
    """Grant or take away, domain by domain; in words what was done. Raises what the services raise."""
    if not domains:
        raise InvalidInput("Choose a domain.")
    user, labels = accounts.find_user(name.strip()), [said.domains().get(each, each).lower() for each in domains]
    if action == "grant":
        for domain in domains:
            people.grant_reviewer(by=viewer, user=user, domain=domain)
        return f"{user.username} reviews {words.listed(labels)}."
    if action != "revoke":
        raise InvalidInput("This form asks for nothing that this page knows. Load it again.")
    for domain in domains:
        people.revoke_reviewer(by=viewer, user=user, domain=domain)
    return f"{user.username} no longer reviews {words.listed(labels)}."


def _person(name: str, rows: Any) -> Person:
    grants = tuple(Grant(row.domain, said.domains()[row.domain], row.granted_by, row.granted_at) for row in rows)
    return Person(name, links.owner_url(name), grants)
