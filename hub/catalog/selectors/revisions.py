"""Find a commit by what people call it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, Subquery

from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import MAIN, Commit, Ref, Repo
from hub.core.text import storable

_PREFIX = re.compile(r"[0-9a-f]{5,39}")
_FULL = re.compile(r"[0-9a-f]{40}")
# Asked for by nearly every request, so it is plain SQL: building the query would take longer than answering it.
_BY_REF = """
SELECT f.name, c.oid, c.tree FROM catalog_ref f
JOIN catalog_commit c ON c.repo_id = f.repo_id AND c.oid = f.target
WHERE f.repo_id = %s AND f.name IN (%s, %s)
"""


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
    names = ref_names(revision)
    with connection.cursor() as cursor:
        cursor.execute(_BY_REF, [repo.pk, names[0], names[-1]])
        found = {name: (commit, tree) for name, commit, tree in cursor.fetchall()}
    for name in names:
        if name in found:
            return Revision(repo, revision, *found[name], name)
    if commit := _commit_of(repo, revision.lower()):
        return Revision(repo, revision, commit.oid, commit.tree)
    raise unknown(repo, revision)


def heads(repos: Iterable[Repo]) -> dict[int, Revision]:
    """Where main stands, by the repository's id, with one query."""
    by_id = {repo.pk: repo for repo in repos}
    targets = Ref.objects.filter(repo=OuterRef("repo"), name=MAIN).values("target")
    rows = Commit.objects.filter(repo__in=list(by_id), oid=Subquery(targets)).values_list("repo_id", "oid", "tree")
    return {pk: Revision(by_id[pk], "main", oid, tree, MAIN) for pk, oid, tree in rows}


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


def _commit_of(repo: Repo, revision: str) -> Commit | None:
    if is_commit_id(revision):
        return Commit.objects.filter(repo=repo, oid=revision).first()
    if _PREFIX.fullmatch(revision):
        found = list(Commit.objects.filter(repo=repo, oid__startswith=revision)[:2])
        return found[0] if len(found) == 1 else None
    return None
