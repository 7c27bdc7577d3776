"""Revisions in review, reviewers, and what they decided."""

from typing import Any

from hub.accounts.models import User
from hub.core import clock
from hub.governance.models import Domain, DomainState, Reviewer, Revision, State
from hub.governance.services import examination
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo


def make_reviewer(*domains: str, name: str = "") -> User:
    """A person who reviews these domains; all of them without any."""
    user = make_user(name)
    for domain in domains or Domain.values:
        Reviewer.objects.create(user=user, domain=domain, granted_by="root")
    return user


def make_revision(repo: Any = None, *, state: str = State.IN_REVIEW, commit: str = "", **fields: Any) -> Revision:
    """The record of main's head (or of a commit), in that state, with every domain open; nothing was examined."""
    repo = repo or make_repo(files={"README.md": b"---\nlicense: mit\n---\n# It\n"})
    commit = commit or repo.refs.get(name="refs/heads/main").target
    revision = examination.made(repo_id=repo.pk, commit=commit, by=repo.owner.name)
    assert revision is not None
    told = {"state": state, "tier": 2, "submitted_at": clock.now(), **fields}
    Revision.objects.filter(pk=revision.pk).update(**told)
    revision.refresh_from_db()
    return revision


def close_domains(revision: Revision, *domains: str, state: str = DomainState.APPROVED, by: str = "grace") -> None:
    """As if `by` had decided so."""
    revision.domains.filter(domain__in=domains or Domain.values).update(state=state, by=by)
