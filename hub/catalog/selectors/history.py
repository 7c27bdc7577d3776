"""Commits and refs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from hub.catalog.models import Commit, Ref, Repo
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import entries_at, load_trees

_STEP = 200
# A page doesn't wait for the last change of what nobody touched in so many commits.
_MAX_STEPS = 25
# Each step is one look-up in the unique index of (repo, oid), on SQLite and PostgreSQL alike.
_CHAIN = """
WITH RECURSIVE chain(oid, parent, n) AS (
    SELECT oid, {parent}, 0 FROM catalog_commit c WHERE repo_id = %s AND oid = %s
    UNION ALL
    SELECT c.oid, {parent}, chain.n + 1 FROM catalog_commit c JOIN chain ON c.repo_id = %s AND c.oid = chain.parent
    WHERE chain.parent <> '' AND chain.n < %s
)
SELECT oid FROM chain WHERE n >= %s ORDER BY n
"""
_BY_GIT = _CHAIN.format(parent="c.parent")
_IN_FULL = _CHAIN.format(parent="CASE WHEN c.parent <> '' THEN c.parent ELSE c.squashed END")


@dataclass(frozen=True)
class CommitInfo:
    """`message` is what follows the title."""

    oid: str
    title: str
    message: str
    authors: tuple[str, ...]
    committed_at: dt.datetime
    parent: str
    tree: str


@dataclass(frozen=True)
class RefInfo:
    """`name` is short (main), `ref` full (refs/heads/main), `target` a commit id."""

    name: str
    ref: str
    target: str
    message: str = ""


@dataclass(frozen=True)
class Refs:
    branches: tuple[RefInfo, ...]
    tags: tuple[RefInfo, ...]


def list_commits(revision: Revision, offset: int = 0, limit: int = 50, *, in_full: bool = False) -> list[CommitInfo]:
    """The history that ends in the revision, newest first; `in_full`: on through those that were squashed."""
    oids = commit_ids(revision.repo, revision.commit, offset, limit, in_full=in_full)
    rows = {commit.oid: commit for commit in Commit.objects.filter(repo=revision.repo, oid__in=oids)}
    return [commit_info(rows[oid]) for oid in oids]


def commit_ids(repo: Repo, commit: str, offset: int = 0, limit: int = 50, *, in_full: bool = False) -> list[str]:
    """As `list_commits`, the ids alone."""
    if limit <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_IN_FULL if in_full else _BY_GIT, [repo.pk, commit, repo.pk, offset + limit - 1, offset])
        return [oid for (oid,) in cursor.fetchall()]


def list_refs(repo: Repo) -> Refs:
    """Branches, main first, and tags, by name."""
    found = list(Ref.objects.filter(repo=repo).order_by("name"))
    branches = _short(found, "refs/heads/")
    return Refs(tuple(sorted(branches, key=lambda ref: ref.name != "main")), tuple(_short(found, "refs/tags/")))


def last_commits(revision: Revision, paths: Iterable[str]) -> dict[str, CommitInfo]:
    """For each path, the newest commit in the revision's history that changed what stands there.

    Paths that the last 5,000 commits left alone are left out. It is made for paths of one folder.
    """
    wanted = set(paths)
    folder = next(iter(wanted), "").rpartition("/")[0]
    found: dict[str, CommitInfo] = {}
    here = _oids(revision.tree, wanted)
    for commit, parent_tree in _steps(revision, folder):
        before = _oids(parent_tree, wanted)
        for path in [path for path in wanted if here.get(path) != before.get(path)]:
            found[path] = commit
            wanted.discard(path)
        if not wanted:
            break
        here = before
    return found


def commit_info(commit: Commit) -> CommitInfo:
    return CommitInfo(
        oid=commit.oid,
        title=commit.title,
        message=commit.message,
        authors=(commit.author_name,),
        committed_at=commit.committed_at,
        parent=commit.parent,
        tree=commit.tree,
    )


def _steps(revision: Revision, folder: str) -> Iterator[tuple[CommitInfo, str]]:
    """Each commit of the history with the tree of its parent, empty for the first."""
    for offset in range(0, _STEP * _MAX_STEPS, _STEP):
        commits = list_commits(revision, offset, _STEP + 1)
        if not commits:
            return
        _read_folders([commit.tree for commit in commits], folder)
        for number, commit in enumerate(commits[:_STEP]):
            yield commit, commits[number + 1].tree if number + 1 < len(commits) else ""


def _read_folders(roots: list[str], folder: str) -> None:
    """Have what the folder held in each of these trees at hand: a query for each level, not one for each tree."""
    found = load_trees(roots)
    for name in folder.split("/") if folder else ():
        below = [tree[name].oid for tree in found.values() if name in tree and tree[name].is_tree]
        found = load_trees(below)


def _oids(tree: str, paths: set[str]) -> dict[str, str]:
    return {path: entry.oid for path, entry in entries_at(tree, paths).items()} if tree else {}


def _short(refs: list[Ref], prefix: str) -> list[RefInfo]:
    return [
        RefInfo(ref.name.removeprefix(prefix), ref.name, ref.target, ref.message)
        for ref in refs
        if ref.name.startswith(prefix)
    ]
