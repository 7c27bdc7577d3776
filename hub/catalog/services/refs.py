"""Branches and tags."""

import re

from django.db import IntegrityError

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.errors import BadRef, ProtectedRef, RefExists
from hub.catalog.models import MAIN, Ref, Repo
from hub.catalog.permissions import check_write
from hub.catalog.selectors.revisions import is_commit_id, revision_of, unknown
from hub.catalog.services.records import subject_of
from hub.core.tasks import enqueue
from hub.core.text import storable
from hub.core.transactions import write_transaction

_HEADS, _TAGS = "refs/heads/", "refs/tags/"
# What `git check-ref-format` refuses.
_BAD_NAME = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|^[./-]|[./]$|^@$|^HEAD$|^refs/")


def create_branch(*, by: Viewer, repo: Repo, name: str, start: str | None = None) -> Ref:
    """A branch at `start` (any revision), or at main's head. Raises `RevisionNotFound`, `BadRef`, `RefExists`."""
    check_write(by, repo)
    name = name.removeprefix(_HEADS)
    at = revision_of(repo, start or MAIN)
    return _create(by, Ref(repo=repo, name=_HEADS + _checked(name), target=at.commit), "branch.create")


def start_branch(*, by: Viewer, repo: Repo, name: str, start: str) -> str:
    """The branch to commit to: `start` itself without a name, else a new one that begins there. One that stands at that
    very commit will do: it was made by a try that went no further."""
    if not name:
        return start
    try:
        create_branch(by=by, repo=repo, name=name, start=start)
    except RefExists:
        if revision_of(repo, _HEADS + name.removeprefix(_HEADS)).commit != revision_of(repo, start).commit:
            raise
    return name


def delete_branch(*, by: Viewer, repo: Repo, name: str) -> None:
    """Its commits stay. Raises `ProtectedRef` for main, `RevisionNotFound`."""
    check_write(by, repo)
    name = name.removeprefix(_HEADS)
    if _HEADS + name == MAIN:
        raise ProtectedRef(f"Cannot delete {MAIN}")
    _delete(by, repo, _HEADS, name, "branch.delete")


def create_tag(*, by: Viewer, repo: Repo, name: str, revision: str = "main", message: str = "") -> Ref:
    """A tag on a revision. Raises `RevisionNotFound`, `BadRef`, `RefExists`, in this order."""
    check_write(by, repo)
    at = revision_of(repo, revision)
    name = _TAGS + _checked(name.removeprefix(_TAGS))
    return _create(by, Ref(repo=repo, name=name, target=at.commit, message=storable(message)), "tag.create")


def delete_tag(*, by: Viewer, repo: Repo, name: str) -> None:
    """Raises `RevisionNotFound`."""
    check_write(by, repo)
    _delete(by, repo, _TAGS, name.removeprefix(_TAGS), "tag.delete")


def _create(by: Viewer, ref: Ref, action: str) -> Ref:
    exists = RefExists(f"Reference {ref.name} already exists", ref=ref.name)
    if Ref.objects.filter(repo=ref.repo, name=ref.name).exists():
        raise exists
    try:
        with write_transaction():
            ref.save(force_insert=True)
            record(by=by.name, action=action, subject=subject_of(ref.repo), ref=ref.name, commit=ref.target)
            if ref.name.startswith(_TAGS):
                word = ref.name.removeprefix(_TAGS)
                enqueue("community.repo_changed", repo=ref.repo.pk, change="tag", by=by.name, word=word)
    except IntegrityError as error:
        raise exists from error
    return ref


def _delete(by: Viewer, repo: Repo, prefix: str, name: str, action: str) -> None:
    ref = Ref.objects.filter(repo=repo, name=storable(prefix + name)).first()
    if ref is None:
        raise unknown(repo, name)
    with write_transaction():
        if not Ref.objects.filter(pk=ref.pk).delete()[0]:
            raise unknown(repo, name)
        record(by=by.name, action=action, subject=subject_of(repo), ref=ref.name, commit=ref.target)


def _checked(name: str) -> str:
    if not name or _BAD_NAME.search(name) or len(name) > 200 or is_commit_id(name) or name != storable(name):
        raise BadRef(
            f"{name[:80]!r} can't be the name of a branch or a tag. Use up to 200 letters, digits and '-', '_', '.' or "
            "'/' between them; not 'HEAD' or a commit id."
        )
    return name
