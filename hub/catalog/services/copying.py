"""A repository made from the files of another."""

from django.db import IntegrityError

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import MAIN, Card, Ref, Repo, key_of
from hub.catalog.permissions import check_read_content
from hub.catalog.selectors.revisions import Revision
from hub.catalog.services import index
from hub.catalog.services.events import changed
from hub.catalog.services.records import new_commit, subject_of, write_objects
from hub.catalog.services.repos import check_new, drop_redirect, exists
from hub.catalog.trees import files
from hub.core.errors import InvalidInput
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.storage import services as storage


def copy_repo(*, by: Viewer, source: Revision, owner: str | None, name: str, private: bool | None = None) -> Repo:
    """A new repository whose first commit has the tree of that revision; its bytes are those that lie here already.

    History, branches, tags, likes and reviews stay where they are; what it was copied from is a fact of the copy, as
    if its card named it. It is as visible as its source unless `private` says so, and what is private is copied as
    private only; a gate comes along. Raises what `check_read_content` and `create_repo` do. Whether policy lets the
    actor have the files, the caller asks.
    """
    of = source.repo
    check_read_content(by, of)
    namespace = check_new(by=by, kind=of.kind, owner=owner, name=name)
    if of.is_private and private is False:
        raise InvalidInput(f"{of.full_name} is private, so its copy is made private. Change that in its settings.")
    visibility = Repo.Visibility.PRIVATE if private or of.is_private else Repo.Visibility.PUBLIC
    repo = Repo(
        kind=of.kind,
        owner=namespace,
        name=name,
        key=key_of(namespace.name, name),
        visibility=visibility,
        gate=of.gate,
        created_by=by.user,
        copied_from=of.full_name,
        copied_commit=source.commit,
    )
    facts = index.facts_at(repo, source.tree)
    try:
        with write_transaction():
            _write(by, repo, source, facts)
    except IntegrityError as error:
        raise exists(repo.kind, repo.full_name) from error
    return repo


def take_over(*, source: Repo, target: Repo, sha256s: set[str]) -> set[str]:
    """Let a repository hold large files that another one's commits name, so that a commit can name them there; those
    that could be. The caller checked that the actor may push to the one and pull them from the other."""
    held = set(storage.held(scope=source.scope, sha256s=sha256s, committed=True))
    for sha256 in sorted(held):
        storage.hold(scope=target.scope, sha256=sha256)
    return held


def _write(by: Viewer, repo: Repo, source: Revision, facts: index.Facts) -> None:
    of = source.repo
    drop_redirect(repo)
    repo.scope = storage.new_scope()
    repo.save(force_insert=True)
    named = {sha256 for _, entry in files(source.tree) if (sha256 := entry.lfs or entry.stored)}
    for sha256 in sorted(named):
        storage.hold(scope=repo.scope, sha256=sha256)
    storage.keep(scope=repo.scope, sha256s=named)
    title = f"Copy {of.full_name} at {source.commit}"
    made, commit = new_commit(by=by, repo=repo, tree=source.tree, parent="", title=title)
    write_objects([made])
    commit.save(force_insert=True)
    Ref.objects.create(repo=repo, name=MAIN, target=commit.oid)
    Card.objects.create(repo=repo)
    index.write_facts(repo, facts)
    changed(repo.pk)
    detail = {"visibility": repo.visibility, "source": subject_of(of, source.commit)}
    record(by=by.name, action="repo.copy", subject=subject_of(repo), commit=commit.oid, **detail)
    enqueue("community.repo_changed", repo=repo.pk, change="created", by=by.name)
    enqueue("governance.revision_made", repo=repo.pk, commit=commit.oid, by=by.name)
