"""Make, set up, move and delete repositories."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from hub.accounts.errors import BadName, NoSuchAccount, NotAllowed
from hub.accounts.models import Namespace, Organisation, validate_name
from hub.accounts.selectors import find_namespace
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog import git
from hub.catalog.attributes import ATTRIBUTES, default_attributes
from hub.catalog.errors import RepoExists
from hub.catalog.models import MAIN, Card, GitObject, Ref, Repo, RepoKind, RepoRedirect, key_of
from hub.catalog.permissions import check_admin, check_create
from hub.catalog.services.events import changed
from hub.catalog.services.index import READING
from hub.catalog.services.records import new_commit, subject_of, write_objects
from hub.catalog.trees import Entry, tree_object
from hub.core.errors import InvalidInput
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.storage import services as storage


def create_repo(*, by: Viewer, kind: str, owner: str | None, name: str, private: bool | None = None) -> Repo:
    """Make a repository with its first commit. Without `owner` it is the actor's own; without `private` the
    organisation's default holds.

    Raises `NotSignedIn`, `NotAllowed`, `BadName`, and `RepoExists` with `detail["repo"]`.
    """
    namespace = check_new(by=by, kind=kind, owner=owner, name=name)
    if private is None:
        private = Organisation.objects.filter(namespace=namespace, private_by_default=True).exists()
    visibility = Repo.Visibility.PRIVATE if private else Repo.Visibility.PUBLIC
    repo = Repo(
        kind=kind,
        owner=namespace,
        name=name,
        key=key_of(namespace.name, name),
        visibility=visibility,
        created_by=by.user,
    )
    try:
        with write_transaction():
            _write_new(by, repo)
            enqueue("community.repo_changed", repo=repo.pk, change="created", by=by.name)
    except IntegrityError as error:
        raise exists(kind, repo.full_name) from error
    return repo


def check_new(*, by: Viewer, kind: str, owner: str | None, name: str) -> Namespace:
    """Whose the repository would be, if it can be made at all; raises what `create_repo` does, and writes nothing."""
    namespace = _namespace(by, owner)
    check_create(by, namespace)
    _check_kind(kind)
    _check_name(name)
    if existing := Repo.objects.named(kind, namespace.name, name).select_related("owner").first():
        raise exists(existing.kind, existing.full_name)
    return namespace


def delete_repo(*, by: Viewer, repo: Repo) -> None:
    """Delete a repository with its history. Its bytes are freed by the garbage collection; the audit log stays."""
    check_admin(by, repo)
    with write_transaction():
        pk, scope, subject, public_id = repo.pk, repo.scope, subject_of(repo), repo.public_id
        Repo.objects.filter(pk=repo.pk).delete()
        storage.drop_scope(scope)
        changed(pk)
        record(by=by.name, action="repo.delete", subject=subject, public_id=public_id)


def move_repo(*, by: Viewer, repo: Repo, to_owner: str, to_name: str) -> Repo:
    """Give a repository another name or owner. The old name leads to it until somebody makes a new one there."""
    check_admin(by, repo)
    namespace = _namespace(by, to_owner)
    check_create(by, namespace)
    _check_name(to_name)
    key = key_of(namespace.name, to_name)
    if Repo.objects.filter(kind=repo.kind, key=key).exclude(pk=repo.pk).exists():
        raise exists(repo.kind, f"{namespace.name}/{to_name}")
    before, old_key = repo.full_name, repo.key
    try:
        with write_transaction():
            RepoRedirect.objects.filter(kind=repo.kind, key=key).delete()
            if key != old_key:
                RepoRedirect.objects.update_or_create(kind=repo.kind, key=old_key, defaults={"repo": repo})
            repo.owner, repo.name, repo.key = namespace, to_name, key
            repo.save(update_fields=["owner", "name", "key"])
            changed(repo.pk)
            record(by=by.name, action="repo.move", subject=subject_of(repo), before=before)
            enqueue("community.repo_changed", repo=repo.pk, change="moved", by=by.name)
            enqueue("governance.repo_changed", repo=repo.pk)
    except IntegrityError as error:
        raise exists(repo.kind, f"{namespace.name}/{to_name}") from error
    return repo


def update_settings(*, by: Viewer, repo: Repo, private: bool | None = None, gated: str | bool | None = None) -> Repo:
    """Change visibility and gate; None leaves as it is. `gated` is "auto", "manual", or False."""
    check_admin(by, repo)
    changes: dict[str, str] = {}
    if private is not None:
        changes["visibility"] = Repo.Visibility.PRIVATE if private else Repo.Visibility.PUBLIC
    if gated is not None:
        if gated not in {False, "", *Repo.Gate.values}:
            raise InvalidInput('gated is "auto", "manual" or false.')
        changes["gate"] = gated if isinstance(gated, str) else Repo.Gate.NONE
    if not changes:
        return repo
    with write_transaction():
        Repo.objects.filter(pk=repo.pk).update(**changes)
        changed(repo.pk)
        record(by=by.name, action="repo.settings", subject=subject_of(repo), **changes)
        if changes.get("visibility", repo.visibility) != repo.visibility:
            enqueue("community.repo_changed", repo=repo.pk, change="visibility", by=by.name)
            enqueue("governance.repo_changed", repo=repo.pk)
    for field, value in changes.items():
        setattr(repo, field, value)
    return repo


def drop_redirect(repo: Repo) -> None:
    """Whoever had the name before has it no longer. Inside the transaction that makes the repository."""
    RepoRedirect.objects.filter(kind=repo.kind, key=repo.key).delete()


def exists(kind: str, full_name: str) -> RepoExists:
    return RepoExists(f"A {kind} repository called {full_name} already exists", repo=full_name)


def _write_new(by: Viewer, repo: Repo) -> None:
    drop_redirect(repo)
    repo.scope = storage.new_scope()
    repo.save(force_insert=True)
    rules = default_attributes()
    blob = GitObject(oid=git.blob_oid(rules), kind=GitObject.Kind.BLOB, size=len(rules), data=rules)
    tree = tree_object({ATTRIBUTES: Entry(blob.oid, size=blob.size)})
    made, commit = new_commit(by=by, repo=repo, tree=tree.oid, parent="", title="initial commit")
    write_objects([blob, tree, made])
    commit.save(force_insert=True)
    Ref.objects.create(repo=repo, name=MAIN, target=commit.oid)
    repo.card = Card.objects.create(repo=repo, size=blob.size, reading=READING)
    changed(repo.pk)
    record(by=by.name, action="repo.create", subject=subject_of(repo), visibility=repo.visibility)


def _namespace(by: Viewer, owner: str | None) -> Namespace:
    if not owner:
        if by.user is None:
            raise InvalidInput("Say who is to own the repository: a user or an organisation.")
        return by.user.namespace
    try:
        return find_namespace(owner)
    except NoSuchAccount as error:
        raise NotAllowed(f"You don't have the rights to use the namespace {owner!r}: it doesn't exist.") from error


def _check_kind(kind: str) -> None:
    if kind not in RepoKind.values:
        raise InvalidInput(f"{kind!r} is not a kind of repository that this hub has: {', '.join(RepoKind.values)}.")


def _check_name(name: str) -> None:
    try:
        validate_name(name)
    except ValidationError as error:
        raise BadName(f"{name!r} can't be the name of a repository. {error.messages[0]}") from error
