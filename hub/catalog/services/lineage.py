"""Write down what a repository was made from, with the commit that each name stood for then."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from hub.catalog.ancestry import Named
from hub.catalog.models import MAIN, Ancestor, Commit, Ref, Repo
from hub.catalog.selectors.revisions import is_commit_id, ref_names
from hub.catalog.selectors.shelf import repos_called

_BATCH = 200
_FIELDS = ("kind", "relation", "name", "revision", "is_inferred", "key", "commit")


def write_ancestors(repo: Repo, named: Sequence[Named]) -> None:
    """Inside the caller's transaction. What is named as before keeps the commit that it was written with."""
    before = list(Ancestor.objects.filter(repo=repo).order_by("pk"))
    kept = {_identity(row): row.commit for row in before if row.commit}
    commits = _commits([each for each in named if _identity(each) not in kept])
    rows = [
        Ancestor(repo=repo, key=each.key, commit=kept.get(_identity(each)) or commits.get(each, ""), **asdict(each))
        for each in named
    ]
    if [_values(row) for row in rows] != [_values(row) for row in before]:
        Ancestor.objects.filter(repo=repo).delete()
        Ancestor.objects.bulk_create(rows, batch_size=_BATCH)


def _identity(each: Named | Ancestor) -> tuple[str, str, str, str]:
    return each.kind, each.relation, each.key, each.revision


def _values(row: Ancestor) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _FIELDS)


def _commits(named: Iterable[Named]) -> dict[Named, str]:
    """Where each stands now, of those that this hub has, at the revision that the card names or at main."""
    wanted = list(named)
    here = repos_called(Repo.objects.all(), [(each.kind, each.key) for each in wanted])
    known = {each: here[each.kind, each.key].pk for each in wanted if (each.kind, each.key) in here}
    names = {name for each in known for name in _refs(each)}
    refs = Ref.objects.filter(repo__in=known.values(), name__in=names).values_list("repo", "name", "target")
    targets = {(repo, name): target for repo, name, target in (refs if known else ())}
    full = [each.revision for each in known if is_commit_id(each.revision)]
    commits = Commit.objects.filter(repo__in=known.values(), oid__in=full).values_list("repo", "oid")
    oids = set(commits) if full else set()
    found = {}
    for each, pk in known.items():
        at = next((targets[pk, name] for name in _refs(each) if (pk, name) in targets), "")
        found[each] = at or (each.revision if (pk, each.revision) in oids else "")
    return found


def _refs(each: Named) -> Sequence[str]:
    return ref_names(each.revision) if each.revision else (MAIN,)
