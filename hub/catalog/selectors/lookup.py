"""Repository, owner and commit in one statement. Plain SQL: the query builder would take longer than the database."""

from typing import Any

from hub.accounts.models import Namespace
from hub.catalog.models import Repo, key_of
from hub.catalog.selectors.revisions import Revision, is_commit_id, ref_names

_COLUMNS = ", ".join(f"r.{field.column}" for field in Repo._meta.concrete_fields)
_OWNER = "n.name AS owner_name, n.kind AS owner_kind"
_BY_REF = f"""
SELECT {_COLUMNS}, {_OWNER}, c.oid AS at_commit, c.tree AS at_tree, f.name AS at_ref
FROM catalog_repo r
JOIN accounts_namespace n ON n.id = r.owner_id
JOIN catalog_ref f ON f.repo_id = r.id
JOIN catalog_commit c ON c.repo_id = r.id AND c.oid = f.target
WHERE r.kind = %s AND r.key = %s AND f.name IN (%s, %s)
"""  # noqa: S608 - columns of our own model
_BY_COMMIT = f"""
SELECT {_COLUMNS}, {_OWNER}, c.oid AS at_commit, c.tree AS at_tree, NULL AS at_ref
FROM catalog_repo r
JOIN accounts_namespace n ON n.id = r.owner_id
JOIN catalog_commit c ON c.repo_id = r.id
WHERE r.kind = %s AND r.key = %s AND c.oid = %s
"""  # noqa: S608 - columns of our own model


def look_up(kind: str, owner: str, name: str, revision: str) -> Revision | None:
    """The branch, tag or full commit id of that name, in any repository: the caller checks who may see it.

    None where it takes a closer look: a short commit id, an unknown revision, an unknown or former name.
    """
    key = key_of(owner, name)
    if is_commit_id(revision):
        for row in Repo.objects.raw(_BY_COMMIT, [kind, key, revision]):
            return _revision(row, revision)
    names = ref_names(revision)
    rows: list[Any] = list(Repo.objects.raw(_BY_REF, [kind, key, names[0], names[-1]]))
    best = min(rows, key=lambda row: names.index(row.at_ref), default=None)
    return _revision(best, revision) if best else None


def _revision(row: Any, name: str) -> Revision:
    """From a repository that carries the columns of its owner and the commit."""
    values = (row.owner_id, row.owner_name, row.owner_kind)
    row.owner = Namespace.from_db(row._state.db, ("id", "name", "kind"), values)
    return Revision(row, name, row.at_commit, row.at_tree, row.at_ref)
