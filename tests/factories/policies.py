"""Revisions, profiles and tokens that speak for one."""

from typing import Any

from hub.accounts.models import AccessToken, User
from hub.accounts.viewer import Viewer
from hub.core import clock
from tests.factories.revisions import make_revision


def make_profile(name: str = "production", *, environment: str = "production", **fields: Any) -> Any:
    """A profile of the whole hub."""
    from hub.governance.models import PolicyChange, Profile

    profile = Profile.objects.create(name=name, environment=environment, created_by="root", **fields)
    PolicyChange.objects.create(kind=PolicyChange.Kind.PROFILE, subject=name)
    return profile


def speaking_for(user: User, profile: Any, scope: str = "read") -> Viewer:
    """The user through a token of that profile."""
    from hub.accounts import services
    from hub.governance.models import TokenProfile

    token, _ = services.issue_token(
        by=services.SYSTEM, user=user, label=f"for {profile}", scope=AccessToken.Scope(scope)
    )
    TokenProfile.objects.create(token=token, profile=profile)
    return Viewer(user=user, token=token)


def head_of(repo: Any) -> Any:
    """Where main stands."""
    from hub.catalog.selectors import revision_of

    return revision_of(repo, "main")


def pinned(repo: Any) -> Any:
    """The same commit, asked for by its id."""
    from hub.catalog.selectors import revision_of

    return revision_of(repo, head_of(repo).commit)


def make_settled(repo: Any, **fields: Any) -> Any:
    """`make_revision`, as if it had been examined."""
    return make_revision(repo, **{"examined_at": clock.now(), **fields})


def make_malicious(at: Any, path: str) -> None:
    """A verdict on the bytes there, as a scan leaves it."""
    from hub.catalog.trees import entry_at
    from hub.governance.models import FileVerdict
    from hub.governance.scanning.rules import RULES
    from hub.governance.selectors import quarantine, scans

    entry = entry_at(at.tree, path)
    assert entry is not None
    opinion = {"scanner": "headstart", "version": "1", "verdict": "malicious", "reason": "It runs code."}
    FileVerdict.objects.create(
        content=scans.content_of(entry),
        kind=scans.kind_of(path),
        rules=RULES,
        verdict="malicious",
        opinions=[opinion],
        coverage={},
    )
    quarantine.forget()


def make_examined(
    owner: User,
    *,
    files: dict[str, bytes],
    name: str = "",
    data: dict[str, Any] | None = None,
    use: dict[str, Any] | None = None,
) -> Any:
    """Main's head of a new repository after its real examination, with what its owner states of data and use."""
    from hub.accounts.viewer import Viewer
    from hub.governance.models import Revision
    from hub.governance.selectors.reviews import fresh
    from hub.governance.services import data as data_records
    from hub.governance.services import examination, uses
    from hub.governance.services.reviews.finishing import rebind
    from tests.factories.catalog import make_repo

    repo = make_repo(name, owner=owner, files=files)
    made = examination.made(repo_id=repo.pk, commit=head_of(repo).commit, by=owner.username)
    assert made is not None
    examination.examine(made.pk)
    if data:
        data_records.record(by=Viewer(user=owner), repo=repo, body={"training_data": [data]})
    if use:
        uses.record(by=Viewer(user=owner), repo=repo, body=use)
    if data or use:
        rebind(fresh(made.pk))  # as the task after a change of evidence does
    return Revision.objects.select_related("repo__owner", "licence_record", "data_record", "use_record").get(pk=made.pk)
