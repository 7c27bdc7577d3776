"""Recalls: what derives from something, who pulled it, and what came of it."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, Repo, key_of
from hub.catalog.permissions import may_administer
from hub.governance.models import Advisory, DataUse, PullRecord, RecallNotice

_MOST = 2_000


@dataclass(frozen=True)
class Reach:
    """What a recall would touch: models made from it, how often these and it were pulled, and by how many people."""

    derived: tuple[Repo, ...]
    pulls: int
    people: tuple[str, ...]


def derived_of(repo: Repo) -> list[Repo]:
    """Everything made from it, through any number of steps, by lineage or by a training-data record."""
    found: dict[int, Repo] = {}
    wanted = [repo]
    while wanted and len(found) < _MOST:
        step = [child for child in _children(wanted) if child.pk != repo.pk and child.pk not in found]
        found.update((child.pk, child) for child in step)
        wanted = step
    return list(found.values())


def _children(parents: list[Repo]) -> QuerySet[Repo]:
    named = Q()
    for parent in parents:
        named |= Q(kind=parent.kind, key=parent.key)
    lineage = Ancestor.objects.filter(named).exclude(relation=Ancestor.Relation.EVALUATED_ON).values("repo")
    keys = [key_of(*parent.full_name.split("/")) for parent in parents if parent.kind == "dataset"]
    data = DataUse.objects.filter(key__in=keys).values("repo")
    return Repo.objects.filter(Q(pk__in=lineage) | Q(pk__in=data)).select_related("owner")


def reach_of(repo: Repo, commit: str = "") -> Reach:
    derived = derived_of(repo)
    direct = PullRecord.objects.filter(repo_id=repo.pk)
    if commit:
        direct = direct.filter(commit=commit)
    pulls = (direct | PullRecord.objects.filter(repo_id__in=[one.pk for one in derived])).exclude(outcome="deny")
    people = pulls.exclude(by="").values_list("by", flat=True).distinct().order_by("by")
    return Reach(tuple(derived), pulls.count(), tuple(people[:_MOST]))


def recalls() -> QuerySet[Advisory]:
    """Each recall (not what it brought about), the newest first, with how many were told and how many answered."""
    found = Advisory.objects.filter(kind=Advisory.Kind.RECALLED, cause=None).select_related("repo__owner")
    answered = Count("notices", filter=Q(notices__acknowledged_at__isnull=False))
    return found.annotate(told=Count("notices"), answered=answered).order_by("-pk")


def notices_of(advisory: Advisory) -> QuerySet[RecallNotice]:
    """Of the recall and of what it brought about."""
    of = RecallNotice.objects.filter(Q(advisory=advisory) | Q(advisory__cause=advisory))
    return of.select_related("user", "advisory__repo__owner").order_by("acknowledged_at", "pk")


def notices_to(viewer: Viewer) -> QuerySet[RecallNotice]:
    """What the viewer was told, the unanswered first."""
    if viewer.user is None:
        return RecallNotice.objects.none()
    mine = RecallNotice.objects.filter(user=viewer.user).select_related("advisory__repo__owner")
    return mine.order_by(F("acknowledged_at").desc(nulls_first=True), "-pk")


def advisories_on(repo: Repo) -> QuerySet[Advisory]:
    """What is open against it, the newest first."""
    return Advisory.objects.filter(repo=repo, lifted_at=None).order_by("-pk")


def may_see_pullers(viewer: Viewer, repo: Repo) -> bool:
    """Who pulled what, by name: for administrators of the hub and of the repository's owner."""
    return viewer.is_admin or may_administer(viewer, repo)
