"""What pages alone ask: names behind references, the values that a filter can take."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Card, Repo

_MOST_VALUES = 60


@dataclass(frozen=True)
class Facets:
    """Values of each filter with how many repositories have them, most first."""

    tasks: tuple[tuple[str, int], ...]
    licences: tuple[tuple[str, int], ...]
    libraries: tuple[tuple[str, int], ...]


def names_of(viewer: Viewer, public_ids: Iterable[str]) -> dict[str, str]:
    """`owner/name` (data sets: `datasets/owner/name`) by public id, of those that the viewer may see."""
    wanted = set(public_ids)
    if not wanted:
        return {}
    repos = Repo.objects.visible_to(viewer).filter(public_id__in=wanted).select_related("owner")
    return {repo.public_id: ("datasets/" if repo.kind == "dataset" else "") + repo.full_name for repo in repos}


def names_here(viewer: Viewer, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Full names by (kind, name in lower case), of those that are on this hub and that the viewer may see."""
    wanted = {(kind, name.lower()) for kind, name in names}
    if not wanted:
        return {}
    repos = Repo.objects.visible_to(viewer).filter(key__in={key for _, key in wanted}).select_related("owner")
    return {(repo.kind, repo.key): repo.full_name for repo in repos if (repo.kind, repo.key) in wanted}


def repos_here(viewer: Viewer, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Repo]:
    """As `names_here`, the repositories themselves, with owner and card."""
    wanted = {(kind, name.lower()) for kind, name in names}
    if not wanted:
        return {}
    repos = Repo.objects.visible_to(viewer).filter(key__in={key for _, key in wanted}).select_related("owner", "card")
    return {(repo.kind, repo.key): repo for repo in repos if (repo.kind, repo.key) in wanted}


def facets(viewer: Viewer, kind: str) -> Facets:
    """What the visible repositories of this kind can be filtered by."""
    cards = Card.objects.filter(repo__in=Repo.objects.visible_to(viewer).filter(kind=kind))
    tasks, licences, libraries = (_values(cards, field) for field in ("pipeline_tag", "license", "library_name"))
    return Facets(tasks, licences, libraries)


def _values(cards: QuerySet[Card], field: str) -> tuple[tuple[str, int], ...]:
    rows = cards.exclude(**{field: ""}).values_list(field).annotate(count=Count("pk")).order_by("-count", field)
    return tuple(rows[:_MOST_VALUES])
