"""Find a commit by what people call it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import Commit, Ref, Repo, storable

_PREFIX = re.compile(r"[0-9a-f]{5,39}")
_FULL = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Revision:
    """A commit of a repository. `name` is what was asked for, `ref` what it is when that moves: refs/heads/main."""

    repo: Repo
    name: str
    commit: str
    tree: str
    ref: str | None = None


def revision_of(repo: Repo, revision: str) -> Revision:
    """The commit that a branch, a tag, a full ref name, a commit id or a unique start of one (5 digits or more) names.

    Raises `RevisionNotFound`. A branch goes before a tag of the same name.
    """
    refs = {ref.name: ref.target for ref in Ref.objects.filter(repo=repo, name__in=ref_names(revision))}
    for name in ref_names(revision):
        if name in refs:
            return Revision(repo, revision, refs[name], _tree_of(repo, refs[name]), name)
    if commit := _commit_of(repo, revision.lower()):
        return Revision(repo, revision, commit.oid, commit.tree)
    raise unknown(repo, revision)


def ref_names(revision: str) -> Sequence[str]:
    """The refs that a revision can stand for, best first."""
    revision = storable(revision)
    if revision.startswith("refs/"):
        return (revision,)
    return (f"refs/heads/{revision}", f"refs/tags/{revision}")


def is_commit_id(revision: str) -> bool:
    return bool(_FULL.fullmatch(revision))


def unknown(repo: Repo, revision: str) -> RevisionNotFound:
    return RevisionNotFound(
        f"Invalid rev id: {revision}. {repo.full_name} has no branch, tag or commit of that name.", revision=revision
    )


def _tree_of(repo: Repo, oid: str) -> str:
    return Commit.objects.filter(repo=repo, oid=oid).values_list("tree", flat=True).get()


def _commit_of(repo: Repo, revision: str) -> Commit | None:
    if is_commit_id(revision):
        return Commit.objects.filter(repo=repo, oid=revision).first()
    if _PREFIX.fullmatch(revision):
        found = list(Commit.objects.filter(repo=repo, oid__startswith=revision)[:2])
        return found[0] if len(found) == 1 else None
    return None
