"""Commit: files into a branch, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.edits import Edited, Edits, apply
from hub.catalog.errors import BadCommit, EntryNotFound, StaleParent
from hub.catalog.models import MAIN, Commit, Ref, Repo
from hub.catalog.operations import Operation
from hub.catalog.permissions import check_write
from hub.catalog.selectors.revisions import revision_of, unknown
from hub.catalog.services import index
from hub.catalog.services.contents import Contents, prepare
from hub.catalog.services.events import changed
from hub.catalog.services.records import new_commit, subject_of, write_objects
from hub.catalog.trees import Entry, entry_at
from hub.core.errors import Conflict
from hub.core.tasks import enqueue
from hub.core.text import storable
from hub.core.transactions import write_transaction
from hub.storage import services as storage

_HEADS = "refs/heads/"
_ATTEMPTS = 8
MAX_TITLE = 1000
MAX_MESSAGE = 65_536


@dataclass(frozen=True)
class CommitResult:
    """The commit that now holds what was asked for; `is_new` is False when it was there before."""

    oid: str
    is_new: bool


@dataclass(frozen=True)
class _Request:
    """A commit on its way, checked, with its contents at hand."""

    by: Viewer
    repo: Repo
    ref: str
    contents: Contents
    title: str
    message: str
    parent: str


@dataclass(frozen=True)
class _Head:
    """Where the branch stands: its commit, that commit's tree and parent."""

    oid: str
    tree: str
    parent: str


class _Moved(Exception):
    """The branch moved between our look at it and our write."""


def commit(
    *,
    by: Viewer,
    repo: Repo,
    revision: str,
    operations: Iterable[Operation],
    title: str,
    description: str = "",
    parent: str | None = None,
) -> CommitResult:
    """Put the operations on top of a branch in one commit.

    With `parent` (a commit id or its start) the branch must still be there, else `StaleParent`; without, a branch that
    moves meanwhile is followed. Sent again after it succeeded, it answers with the commit made then. Nothing to change
    makes no commit. Raises what `check_write` and `prepare` do, `RevisionNotFound`, `EntryNotFound` for a deletion of
    what isn't there (`detail["commit"]`), `BadPath`, `NotHeld`, `BadCard` never: a faulty card is stored as it is.
    """
    check_write(by, repo)
    title, message = message_of(title, description)
    ref = branch_of(repo, revision)
    contents = prepare(by=by, repo=repo, operations=operations)
    request = _Request(by, repo, ref, contents, title, message, (parent or "").lower())
    for _ in range(_ATTEMPTS):
        try:
            return _attempt(request)
        except _Moved:
            continue
    raise Conflict(f"{revision} of {repo.full_name} is being written to by many at once. Try again in a moment.")


def _attempt(request: _Request) -> CommitResult:
    head = _head(request)
    if request.parent and not head.oid.startswith(request.parent):
        return _made_before(request, head) or _stale(head)
    try:
        edited = _edit(request, head.tree)
    except EntryNotFound as error:
        if made := _made_before(request, head):
            return made
        error.detail["commit"] = head.oid
        raise
    if edited.tree == head.tree:
        return CommitResult(head.oid, is_new=False)
    facts = index.read_facts(request.repo, edited, request.contents.objects) if request.ref == MAIN else None
    return _write(request, head, edited, facts)


def _write(request: _Request, head: _Head, edited: Edited, facts: index.Facts | None) -> CommitResult:
    repo = request.repo
    made, row = new_commit(
        by=request.by, repo=repo, tree=edited.tree, parent=head.oid, title=request.title, message=request.message
    )
    with write_transaction():
        # First of all: it locks the branch, so that of two writers one waits here and then sees that it moved.
        at = row.committed_at
        moved = Ref.objects.filter(repo=repo, name=request.ref, target=head.oid).update(target=row.oid, updated_at=at)
        if not moved:
            raise _Moved
        write_objects([*request.contents.objects.values(), *edited.objects, made])
        # Two branches can get the very same commit within a second.
        Commit.objects.bulk_create([row], ignore_conflicts=True)
        storage.keep(scope=repo.scope, sha256s=request.contents.named)
        if facts:
            index.write_facts(repo, facts)
        Repo.objects.filter(pk=repo.pk).update(updated_at=at)
        changed(repo.pk)
        record(
            by=request.by.name,
            action="repo.commit",
            subject=subject_of(repo),
            ref=request.ref,
            commit=row.oid,
            title=request.title[:200],
        )
        if request.ref == MAIN:
            enqueue("governance.revision_made", repo=repo.pk, commit=row.oid, by=request.by.name)
            enqueue("community.repo_changed", repo=repo.pk, change="commit", by=request.by.name)
    return CommitResult(row.oid, is_new=True)


def _head(request: _Request) -> _Head:
    """The branch with its commit, in one query, so that they fit each other."""
    commits = Commit.objects.filter(repo=OuterRef("repo"), oid=OuterRef("target"))
    rows = Ref.objects.filter(repo=request.repo, name=request.ref).annotate(
        tree=Subquery(commits.values("tree")), before=Subquery(commits.values("parent"))
    )
    if row := rows.values_list("target", "tree", "before").first():
        return _Head(*row)
    raise unknown(request.repo, request.ref.removeprefix(_HEADS))


def _edit(request: _Request, tree: str) -> Edited:
    contents = request.contents
    additions = dict(contents.additions)
    for copy in contents.copies:
        source = revision_of(request.repo, copy.revision).tree if copy.revision else tree
        additions[copy.path] = _copied(source, copy.source)
    return apply(tree, Edits(additions, contents.deletions))


def _copied(tree: str, path: str) -> Entry:
    entry = entry_at(tree, path.strip("/"))
    if entry is None:
        raise EntryNotFound(f"A file with this name doesn't exist: {path}", path=path)
    return entry


def _made_before(request: _Request, head: _Head) -> CommitResult | None:
    """The head, when it is what this very request made: the answer was lost and the client sends it again."""
    if not head.parent or (request.parent and not head.parent.startswith(request.parent)):
        return None
    before = Commit.objects.filter(repo=request.repo, oid=head.parent).first()
    last = Commit.objects.filter(repo=request.repo, oid=head.oid, author_name=request.by.name, title=request.title)
    if before is None or not last.exists():
        return None
    try:
        is_same = _edit(request, before.tree).tree == head.tree
    except EntryNotFound:
        return None
    return CommitResult(head.oid, is_new=False) if is_same else None


def _stale(head: _Head) -> CommitResult:
    raise StaleParent(
        "The branch was updated since you opened this page. Please refresh and try again. "
        f"A commit has happened since. Please refresh and try again. (It is at {head.oid} now.)",
        head=head.oid,
    )


def branch_of(repo: Repo, revision: str) -> str:
    """The full name of the branch; raises for what is something else, or isn't there."""
    at = revision_of(repo, revision)
    if at.ref is None or not at.ref.startswith(_HEADS):
        raise BadCommit(f"{revision} is not a branch. Commits go to a branch; make one there first.")
    return at.ref


def message_of(title: str, description: str) -> tuple[str, str]:
    """Title and message, trimmed; raises `BadCommit` for none and for one that is too long."""
    title, description = storable(title).strip(), storable(description).strip()
    if not title:
        raise BadCommit("A commit needs a title that says what it does.")
    if "\n" in title:
        title, _, rest = title.partition("\n")
        description = f"{rest.strip()}\n\n{description}".strip()
    if len(title) > MAX_TITLE or len(description) > MAX_MESSAGE:
        raise BadCommit(f"A title takes up to {MAX_TITLE} characters, a description {MAX_MESSAGE:,}.")
    return title.strip(), description
