"""What pages alone ask: names behind references, and what stands behind them."""

from collections.abc import Iterable

from django.db.models import F

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, RepoQuerySet
from hub.core.text import storable


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
    repos = _called(viewer, wanted).select_related("owner")
    return {(repo.kind, repo.key): repo.full_name for repo in repos if (repo.kind, repo.key) in wanted}


def repos_called(repos: RepoQuerySet, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Repo]:
    """Those of `repos` that have these (kind, name in lower case), or had them before, with their owners."""
    wanted = {(kind, storable(key)) for kind, key in names if "/" in key}
    if not wanted:
        return {}
    kinds, keys = {kind for kind, _ in wanted}, {key for _, key in wanted}
    now = repos.filter(kind__in=kinds, key__in=keys).select_related("owner")
    found = {(repo.kind, repo.key): repo for repo in now}
    if len(wanted & found.keys()) == len(wanted):
        return {name: repo for name, repo in found.items() if name in wanted}
    former = repos.filter(redirects__kind__in=kinds, redirects__key__in=keys).annotate(former=F("redirects__key"))
    found = {(repo.kind, repo.former): repo for repo in former.select_related("owner")} | found
    return {name: repo for name, repo in found.items() if name in wanted}


def repos_here(viewer: Viewer, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Repo]:
    """As `names_here`, the repositories themselves, with owner and card."""
    wanted = {(kind, name.lower()) for kind, name in names}
    if not wanted:
        return {}
    repos = _called(viewer, wanted).select_related("owner", "card")
    return {(repo.kind, repo.key): repo for repo in repos if (repo.kind, repo.key) in wanted}


def _called(viewer: Viewer, wanted: set[tuple[str, str]]) -> RepoQuerySet:
    """At least these. Keys alone have no index."""
    kinds, keys = {kind for kind, _ in wanted}, {key for _, key in wanted}
    return Repo.objects.visible_to(viewer).filter(kind__in=kinds, key__in=keys)
