"""What it takes to lay models side by side."""

from collections.abc import Iterable

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, RepoKind, RepoRedirect, key_of


def models_named(viewer: Viewer, names: Iterable[str]) -> dict[str, Repo]:
    """The models of these names (owner/name in any case, former names too) that the viewer may see, by name as given;
    with owner, card, tags and ancestors at hand. What isn't there and what may not be seen is left out alike."""
    keys = {name: key_of(*name.split("/", 1)) for name in names if "/" in name}
    moved = RepoRedirect.objects.filter(kind=RepoKind.MODEL, key__in=set(keys.values())).values_list("key", "repo_id")
    former = dict(moved)
    visible = Repo.objects.visible_to(viewer).filter(kind=RepoKind.MODEL).select_related("owner", "card")
    with_all = visible.prefetch_related("tags", "ancestors")
    here = {repo.key: repo for repo in with_all.filter(key__in=set(keys.values()))}
    by_id = {repo.pk: repo for repo in with_all.filter(pk__in=former.values())} if former else {}
    found = {name: here.get(key) or by_id.get(former.get(key, 0)) for name, key in keys.items()}
    return {name: repo for name, repo in found.items() if repo}
