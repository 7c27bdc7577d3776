"""Repositories like this one."""

from hub.accounts.viewer import Viewer
from hub.catalog.models import CardText, Repo
from hub.catalog.search import engine, filters
from hub.catalog.search.likeness import likeness


def similar(viewer: Viewer, repo: Repo, *, limit: int = 6) -> tuple[Repo, ...]:
    """Of the same kind, the likest first: relatives, the same task and data, a card that says the same. `repo` has
    owner and card at hand, so have those that come. Three queries. Raises `IndexNotReady`.
    """
    index = engine.open_index()
    prose = CardText.objects.filter(repo=repo).values_list("text", flat=True).first() or ""
    scope = filters.scope(index.schema, viewer, repo.kind)
    hits, _ = index.search(likeness(index, repo, prose, scope), limit=limit, count=False, weight_by_field="fame")
    keys = index.keys(address for _, address in hits)
    rows = Repo.objects.visible_to(viewer).filter(pk__in=keys).select_related("owner", "card").prefetch_related("tags")
    found = {row.pk: row for row in rows}
    return tuple(found[key] for key in keys if key in found)
