"""Revisions in review, reviewers, and what they decided."""

from typing import Any

from hub.core import clock
from hub.governance.models import Domain, DomainState, Revision, State
from tests.factories.catalog import make_repo
from tests.factories.revisions import make_revision


def make_review(repo: Any = None, *, state: str = State.IN_REVIEW, commit: str = "", **fields: Any) -> Revision:
    """`make_revision` in that state, with every domain open."""
    repo = repo or make_repo(files={"README.md": b"---\nlicense: mit\n---\n# It\n"})
    told = {"state": state, "tier": 2, "submitted_at": clock.now(), **fields}
    return make_revision(repo, commit=commit, by=repo.owner.name, **told)


def close_domains(revision: Revision, *domains: str, state: str = DomainState.APPROVED, by: str = "grace") -> None:
    """As if `by` had decided so."""
    revision.domains.filter(domain__in=domains or Domain.values).update(state=state, by=by)
