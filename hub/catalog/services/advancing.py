"""Bring main forward to a commit that was made on a branch."""

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import MAIN, Commit, Ref, Repo
from hub.catalog.permissions import check_write
from hub.catalog.selectors.revisions import revision_of, unknown
from hub.catalog.services import index
from hub.catalog.services.events import changed
from hub.catalog.services.records import subject_of
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction

# Commits that are looked through for a common history.
_FAR = 2_000
_ATTEMPTS = 8


def advance(*, by: Viewer, repo: Repo, commit: str) -> bool:
    """Fast-forward main to that commit of the repository, with all that a commit on main does. Whether main has the
    commit now; it hasn't when main went another way meanwhile, and then nothing was done. Sent again, it answers the
    same. Raises what `check_write` does, and `RevisionNotFound`."""
    check_write(by, repo)
    target = Commit.objects.filter(repo=repo, oid=commit).first()
    if target is None:
        raise unknown(repo, commit)
    for _ in range(_ATTEMPTS):
        head = revision_of(repo, MAIN).commit
        if is_ancestor(repo, commit, head):
            return True
        if not is_ancestor(repo, head, commit):
            return False
        if _move(by, repo, head, target):
            return True
    return False


def is_ancestor(repo: Repo, ancestor: str, commit: str) -> bool:
    """Whether a commit is the other, or lies in its history (its last 2,000 commits are looked through)."""
    for _ in range(_FAR):
        if commit == ancestor:
            return True
        found = Commit.objects.filter(repo=repo, oid=commit).values_list("parent", flat=True).first()
        if not found:
            return False
        commit = found
    return False


def _move(by: Viewer, repo: Repo, head: str, target: Commit) -> bool:
    facts = index.facts_at(repo, target.tree)
    with write_transaction():
        now = clock.now()
        # First of all, as in every commit: of two writers one waits here and then sees that main moved.
        rows = Ref.objects.filter(repo=repo, name=MAIN, target=head)
        if not rows.update(target=target.oid, updated_at=now):
            return False
        index.write_facts(repo, facts)
        Repo.objects.filter(pk=repo.pk).update(updated_at=now)
        changed(repo.pk)
        subject = subject_of(repo)
        record(by=by.name, action="repo.advance", subject=subject, ref=MAIN, commit=target.oid, before=head)
        enqueue("governance.revision_made", repo=repo.pk, commit=target.oid, by=by.name)
        enqueue("community.repo_changed", repo=repo.pk, change="commit", by=by.name)
    return True
