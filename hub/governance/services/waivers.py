"""Exceptions from a rule: asked for by one person, granted by another, for 90 days at most."""

import datetime as dt

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import Commit, Repo
from hub.catalog.permissions import check_read
from hub.catalog.services.events import changed
from hub.catalog.services.records import subject_of
from hub.core import clock
from hub.core.errors import InvalidInput, NotSignedIn
from hub.core.transactions import write_transaction
from hub.governance.errors import SeparationOfDuties, WaiverRefused
from hub.governance.models import PolicyChange, Profile, Revision, Waiver
from hub.governance.permissions import check_reviewer
from hub.governance.selectors.policies import policies
from hub.governance.selectors.reviews import authors_of

MOST_DAYS = 90


def ask_waiver(
    *, by: Viewer, rule: str, repo: Repo, reason: str, days: int, commit: str = "", profile: Profile | None = None
) -> Waiver:
    """Ask for an exception; nothing changes until somebody else grants it."""
    if by.user is None:
        raise NotSignedIn("Sign in to ask for a waiver.")
    check_read(by, repo)
    if rule not in policies().rules:
        raise InvalidInput(f"There is no rule {rule[:40]!r}.")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"A waiver holds for 1 to {MOST_DAYS} days.")
    if not 3 <= len(reason.strip()) <= 2_000:
        raise InvalidInput("Say why it is needed, and what is done meanwhile.")
    with write_transaction():
        waiver = Waiver.objects.create(
            rule=rule,
            repo=repo,
            commit=commit,
            profile=profile,
            reason=reason.strip(),
            requested_by=by.name,
            expires_at=clock.now() + dt.timedelta(days=days),
        )
        record(by=by.name, action="waiver.ask", subject=subject_of(repo, commit), rule=rule, reason=waiver.reason)
    return waiver


def grant_waiver(*, by: Viewer, waiver: Waiver, conditions: list[str]) -> None:
    """Somebody else than who asked lets it hold, from now to its end or until the revision's binding changes."""
    check_reviewer(by)
    check_read(by, waiver.repo)
    if by.name == waiver.requested_by or _brought(by.name, waiver):
        raise SeparationOfDuties("Who asked for a waiver, or brought the revision, can't grant it. Ask a reviewer.")
    now = clock.now()
    if waiver.expires_at <= now:
        raise WaiverRefused("The end that this waiver asks for has passed. Ask for a new one.")
    with write_transaction():
        open_ones = Waiver.objects.filter(pk=waiver.pk, approved_at=None, ended_at=None)
        told = {"approved_by": by.name, "approved_at": now, "conditions": conditions, "binding": _binding(waiver)}
        if not open_ones.update(**told):
            raise WaiverRefused("This waiver was granted or ended meanwhile. Load the page again.")
        _note(waiver, by, "grant", conditions=conditions)


def end_waiver(*, by: Viewer, waiver: Waiver) -> None:
    """Take it back: who asked for it, or any reviewer."""
    if by.name != waiver.requested_by or by.user is None:
        check_reviewer(by)
    with write_transaction():
        if not Waiver.objects.filter(pk=waiver.pk, ended_at=None).update(ended_at=clock.now()):
            raise WaiverRefused("This waiver has ended already. Load the page again.")
        _note(waiver, by, "end")


def _binding(waiver: Waiver) -> str:
    """That of the revision it is for; empty for all revisions."""
    found = Revision.objects.filter(repo=waiver.repo_id, commit=waiver.commit).values_list("binding", flat=True)
    return found.first() or "" if waiver.commit else ""


def _brought(name: str, waiver: Waiver) -> bool:
    """Whether somebody wrote a commit that it is for, or put one on main; without a commit, any of the repository."""
    revisions, commits = Revision.objects.filter(repo=waiver.repo_id), Commit.objects.filter(repo=waiver.repo_id)
    if waiver.commit:
        revisions, commits = revisions.filter(commit=waiver.commit), commits.filter(oid=waiver.commit)
        if revision := revisions.select_related("repo").first():
            return name in authors_of(revision)
    return revisions.filter(uploader=name).exists() or commits.filter(author_name=name).exists()


def _note(waiver: Waiver, by: Viewer, what: str, **more: object) -> None:
    PolicyChange.objects.create(kind=PolicyChange.Kind.WAIVER, subject=waiver.rule, after=what, by=by.name)
    changed(waiver.repo_id)
    record(
        by=by.name, action=f"waiver.{what}", subject=subject_of(waiver.repo, waiver.commit), rule=waiver.rule, **more
    )
