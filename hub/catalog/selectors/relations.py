"""What stands beside a page of repositories: what each was made from, what was made from it, reported results."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, Repo, RepoKind, ReportedResult, seen_by

_Relation = Ancestor.Relation
# How a model comes of a model. A card that doesn't say how means a fine-tune, as everywhere.
_MADE_BY = {
    _Relation.FINETUNE: "finetune",
    _Relation.BASE: "finetune",
    _Relation.ADAPTER: "adapter",
    _Relation.MERGE: "merge",
    _Relation.QUANTIZED: "quantized",
}


@dataclass(frozen=True)
class Bases:
    """`models` as (public id, full name): those on this hub that the viewer may see."""

    relation: str
    models: tuple[tuple[str, str], ...]


def bases_of_models(viewer: Viewer, repos: Sequence[Repo]) -> dict[int, Bases]:
    """The models that these were made from, by id; nothing for those whose bases are not here. Two queries."""
    stated = Ancestor.objects.filter(repo__in=repos, kind=RepoKind.MODEL, relation__in=_MADE_BY).order_by("pk")
    rows = list(stated.values_list("repo_id", "relation", "key"))
    here = Repo.objects.visible_to(viewer).filter(kind=RepoKind.MODEL, key__in={key for _, _, key in rows})
    by_key = {repo.key: repo for repo in here.select_related("owner")}
    found: dict[int, Bases] = {}
    for repo_id, relation, key in rows:
        if base := by_key.get(key):
            before = found.get(repo_id, Bases(_MADE_BY[_Relation(relation)], ()))
            found[repo_id] = Bases(before.relation, (*before.models, (base.public_id, base.full_name)))
    return found


def count_children(viewer: Viewer, repos: Sequence[Repo]) -> dict[int, dict[str, int]]:
    """How many models that the viewer may see were made from each of these, by id and how. One query."""
    by_key = {repo.key: repo.pk for repo in repos}
    rows = (
        Ancestor.objects.filter(kind=RepoKind.MODEL, key__in=by_key, relation__in=_MADE_BY)
        .filter(seen_by(viewer), repo__kind=RepoKind.MODEL)
        .values_list("key", "relation")
        .annotate(count=Count("pk"))
        .order_by("key", "relation")
    )
    found: dict[int, dict[str, int]] = {repo.pk: {} for repo in repos}
    for key, relation, count in rows:
        counts, made_by = found[by_key[key]], _MADE_BY[_Relation(relation)]
        counts[made_by] = counts.get(made_by, 0) + count
    return found


def evaluations_of(repos: Sequence[Repo]) -> dict[int, list[ReportedResult]]:
    """Results in files of their own (`.eval_results`), by id, in their order. One query."""
    rows = ReportedResult.objects.filter(repo__in=repos, source=ReportedResult.Source.EVAL_RESULTS)
    found: dict[int, list[ReportedResult]] = {}
    for row in rows.order_by("repo_id", "position"):
        found.setdefault(row.repo_id, []).append(row)
    return found
