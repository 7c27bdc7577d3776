"""Rows that several services write, always inside the caller's transaction."""

from collections.abc import Iterable

from hub.accounts.viewer import Viewer
from hub.catalog import git
from hub.catalog.models import Commit, GitObject, Repo
from hub.core import clock

_BATCH = 500


def new_commit(
    *, by: Viewer, repo: Repo, tree: str, parent: str, title: str, message: str = ""
) -> tuple[GitObject, Commit]:
    """A commit's git object and row, not saved. `message` is what follows the title."""
    at = clock.now().replace(microsecond=0)
    text = f"{title}\n\n{message}\n" if message else f"{title}\n"
    author = f"{by.name} <{by.name}@users.noreply.headstart>"
    oid, data = git.write_commit(tree=tree, parent=parent, author=author, at=at, message=text)
    row = Commit(
        repo=repo,
        oid=oid,
        tree=tree,
        parent=parent,
        title=title,
        message=message,
        author_name=by.name,
        committed_at=at,
    )
    return GitObject(oid=oid, kind=GitObject.Kind.COMMIT, size=len(data), data=data), row


def write_objects(objects: Iterable[GitObject]) -> None:
    """Save git objects; those that are there stay. In order of id, so that two writers can't lock each other out."""
    unique = {made.oid: made for made in objects}
    ordered = [unique[oid] for oid in sorted(unique)]
    GitObject.objects.bulk_create(ordered, batch_size=_BATCH, ignore_conflicts=True)
    for made in ordered:
        if made.kind == GitObject.Kind.BLOB and made.detail is not None:
            GitObject.objects.filter(oid=made.oid, detail__isnull=True).update(detail=made.detail)


def subject_of(repo: Repo, commit: str = "") -> str:
    """How the audit log calls a repository, or a commit of it: models/ada/bert@0a1b…"""
    return f"{repo.kind}s/{repo.full_name}" + (f"@{commit}" if commit else "")
