"""What a repository was made from and what was made from it, whoever may see it: for rules, never to be shown as is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from hub.catalog.models import Ancestor, Repo, RepoQuerySet, RepoRedirect
from hub.governance.models import DataUse

MAX_LEVELS = 30
MAX_KIN = 5_000
_NO_STEP = Ancestor.Relation.EVALUATED_ON
# Pulls of what a process doesn't know yet ask this: building the queries would take longer than answering them.
_NAMED = f"""
SELECT said.repo_id, COALESCE(here.id, former.repo_id)
FROM (
  SELECT 0 AS part, id, repo_id, kind, key FROM {Ancestor._meta.db_table}
  WHERE repo_id IN ({{places}}) AND relation <> %s
  UNION ALL
  SELECT 1, id, repo_id, 'dataset', key FROM {DataUse._meta.db_table} WHERE repo_id IN ({{places}}) AND stage <> 'eval'
) AS said
LEFT JOIN {Repo._meta.db_table} here ON here.kind = said.kind AND here.key = said.key
LEFT JOIN {RepoRedirect._meta.db_table} former ON former.kind = said.kind AND former.key = said.key
WHERE COALESCE(here.id, former.repo_id) IS NOT NULL
ORDER BY said.part, said.id
"""  # noqa: S608 - names of our own tables


@dataclass(frozen=True)
class Kin:
    """Repositories by id with their owners; `parents` has for each the ids of what it was made from."""

    repos: Mapping[int, Repo]
    parents: Mapping[int, tuple[int, ...]]


def ancestors_of(repo: int) -> dict[int, tuple[int, ...]]:
    """All that a repository was made from on this hub, as far as cards and data records lead: by each one's id, those
    of what it was made from. One query a level."""
    parents: dict[int, tuple[int, ...]] = {}
    level = [repo]
    for _ in range(MAX_LEVELS):
        if not level or len(parents) > MAX_KIN:
            break
        named = _named_by(level)
        parents |= {child: tuple(dict.fromkeys(pk for of, pk in named if of == child != pk)) for child in level}
        level = list({pk: None for child in level for pk in parents[child] if pk not in parents})
    return parents


def descendants_of(repo: Repo, among: RepoQuerySet | None = None) -> Kin:
    """All that was made from a repository; `parents` are those through which it was reached.

    With `among` no step goes through another repository than these: what a viewer may not see leads nowhere.
    """
    among = Repo.objects.all() if among is None else among
    repos, level = {repo.pk: repo}, [repo]
    parents: dict[int, tuple[int, ...]] = {}
    for _ in range(MAX_LEVELS):
        if not level or len(repos) > MAX_KIN:
            break
        names = _names_of(level)
        rows = set(_naming(names))
        fresh = among.filter(pk__in={pk for pk, _ in rows} - repos.keys()).select_related("owner")
        level = list(fresh)
        repos = repos | {each.pk: each for each in level}
        for pk, name in sorted(rows):
            if pk in repos and names[name] != pk and pk != repo.pk:
                parents[pk] = tuple(dict.fromkeys((*parents.get(pk, ()), names[name])))
    return Kin(repos, parents)


def _named_by(pks: list[int]) -> list[tuple[int, int]]:
    """What cards name, by its name or one that it had; then what data records do; each in its order."""
    places = ", ".join(["%s"] * len(pks))
    with connection.cursor() as cursor:
        cursor.execute(_NAMED.format(places=places), [*pks, str(_NO_STEP), *pks])
        return cursor.fetchall()


def _names_of(repos: Iterable[Repo]) -> dict[tuple[str, str], int]:
    """These by what they are called, and were called before."""
    known = {repo.pk: repo for repo in repos}
    former = RepoRedirect.objects.filter(repo__in=known).values_list("kind", "key", "repo")
    return {(kind, key): pk for kind, key, pk in former} | {(repo.kind, repo.key): pk for pk, repo in known.items()}


def _naming(names: Mapping[tuple[str, str], int]) -> Iterator[tuple[int, tuple[str, str]]]:
    """(repository, the name that it names)."""
    models = [key for kind, key in names if kind == "model"]
    data = [key for kind, key in names if kind == "dataset"]
    of_kind = Q(kind="model", key__in=models) | Q(kind="dataset", key__in=data)
    rows = Ancestor.objects.filter(of_kind).exclude(relation=_NO_STEP)
    yield from ((pk, (kind, key)) for pk, kind, key in rows.values_list("repo", "kind", "key")[:MAX_KIN])
    used = DataUse.objects.filter(key__in=data).exclude(stage="eval").values_list("repo", "key")
    yield from ((pk, ("dataset", key)) for pk, key in used[:MAX_KIN])
