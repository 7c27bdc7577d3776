"""How far a data set reaches: what was made from it, and who pulled that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read, may_administer
from hub.governance.models import DataUse, PullRecord
from hub.governance.selectors.kin import descendants_of

MAX_SHOWN = 500
MAX_NAMES = 200


@dataclass(frozen=True)
class Reached:
    """Something that was made from the data set. `via` are those it was made from on the way; `stages` as its data
    record states them; `who` is None unless the viewer may know names."""

    repo: Repo
    via: tuple[Repo, ...]
    is_direct: bool
    stages: tuple[str, ...]
    people: int
    pulls: int
    who: tuple[str, ...] | None


@dataclass(frozen=True)
class Reach:
    """`people` counts each who pulled any of them once; `more` weren't taken in."""

    reached: tuple[Reached, ...]
    people: int
    more: int


def reach_of(viewer: Viewer, repo: Repo) -> Reach:
    """What was made from a repository, directly or through others that the viewer may see. Raises `RepoNotFound`.

    Names of who pulled only for administrators of the hub, and for those of the owner of what was pulled.
    """
    check_read(viewer, repo)
    kin = descendants_of(repo, Repo.objects.visible_to(viewer))
    listed = [kin.repos[pk] for pk in kin.parents]
    shown = sorted(listed, key=lambda each: (each.kind != "model", each.key))[:MAX_SHOWN]
    pks = [each.pk for each in shown]
    counts, stages = _counts(pks), _stages(pks, repo)
    names = _names([each.pk for each in shown if viewer.is_admin or may_administer(viewer, each)])
    reached = tuple(
        Reached(
            repo=each,
            via=tuple(kin.repos[pk] for pk in kin.parents[each.pk] if pk != repo.pk),
            is_direct=repo.pk in kin.parents[each.pk],
            stages=tuple(stages.get(each.pk, ())),
            people=counts.get(each.pk, (0, 0))[0],
            pulls=counts.get(each.pk, (0, 0))[1],
            who=names.get(each.pk),
        )
        for each in shown
    )
    people = _pulls(pks).exclude(by="").values("by").distinct().count()
    return Reach(reached, people, len(listed) - len(shown))


def _pulls(pks: Iterable[int]) -> "QuerySet[PullRecord]":
    return PullRecord.objects.filter(repo_id__in=list(pks)).exclude(outcome=PullRecord.Outcome.DENY)


def _counts(pks: list[int]) -> Mapping[int, tuple[int, int]]:
    found = _pulls(pks).values("repo_id").annotate(
        people=Count("by", distinct=True, filter=~Q(by="")), pulls=Count("pk")
    )  # fmt: skip
    return {row["repo_id"]: (row["people"], row["pulls"]) for row in found}


def _names(pks: list[int]) -> dict[int, tuple[str, ...]]:
    """Who pulled each, the latest first; those without anybody too."""
    rows = _pulls(pks).exclude(by="").values("repo_id", "by").annotate(last=Max("at")).order_by("-last")
    found: dict[int, tuple[str, ...]] = dict.fromkeys(pks, ())
    for row in rows[: MAX_NAMES * max(1, len(pks))]:
        if len(found[row["repo_id"]]) < MAX_NAMES:
            found[row["repo_id"]] = (*found[row["repo_id"]], row["by"])
    return found


def _stages(pks: list[int], repo: Repo) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = DataUse.objects.filter(repo__in=pks, key=repo.key).exclude(stage="").order_by("stage")
    for pk, stage in rows.values_list("repo", "stage"):
        found.setdefault(pk, []).append(stage)
    return found
