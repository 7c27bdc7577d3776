"""Begin a branch's history anew, with the files that stand at its head."""

from django.db.models import OuterRef, Subquery

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import MAIN, Commit, Ref, Repo
from hub.catalog.permissions import check_write
from hub.catalog.services.commits import CommitResult, branch_of, message_of
from hub.catalog.services.events import changed
from hub.catalog.services.records import new_commit, subject_of, write_objects
from hub.core.errors import Conflict
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction

_ATTEMPTS = 8


def squash(*, by: Viewer, repo: Repo, branch: str, title: str) -> CommitResult:
    """One commit without a parent, and with the tree of the head, takes the place of the branch's history.

    Nothing is forgotten: the commits of before can be pulled by their ids and tags still, as approvals, lockfiles and
    the ledger name them, and the new one keeps in `squashed` which head it stands for. A branch of one commit stays as
    it is. Raises what `check_write` does, `RevisionNotFound`, and `BadCommit` for what is no branch.
    """
    check_write(by, repo)
    title, message = message_of(title, "")
    ref = branch_of(repo, branch)
    for _ in range(_ATTEMPTS):
        head = _head(repo, ref)
        if not head.parent:
            return CommitResult(head.oid, is_new=False)
        if made := _replace(by, head, ref, title, message):
            return CommitResult(made, is_new=True)
    raise Conflict(f"{branch} of {repo.full_name} is being written to by many at once. Try again in a moment.")


def _head(repo: Repo, ref: str) -> Commit:
    targets = Ref.objects.filter(repo=OuterRef("repo"), name=ref).values("target")
    return Commit.objects.select_related("repo__owner").get(repo=repo, oid=Subquery(targets))


def _replace(by: Viewer, head: Commit, ref: str, title: str, message: str) -> str:
    """The new commit's id; nothing when the branch moved meanwhile."""
    repo = head.repo
    made, row = new_commit(by=by, repo=repo, tree=head.tree, parent="", title=title, message=message)
    row.squashed = head.oid
    with write_transaction():
        rows = Ref.objects.filter(repo=repo, name=ref, target=head.oid)
        if not rows.update(target=row.oid, updated_at=row.committed_at):
            return ""
        write_objects([made])
        Commit.objects.bulk_create([row], ignore_conflicts=True)
        Repo.objects.filter(pk=repo.pk).update(updated_at=row.committed_at)
        changed(repo.pk)
        record(by=by.name, action="repo.squash", subject=subject_of(repo), ref=ref, commit=row.oid, before=head.oid)
        if ref == MAIN:
            enqueue("governance.revision_made", repo=repo.pk, commit=row.oid, by=by.name)
    return row.oid
