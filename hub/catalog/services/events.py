"""The trail of changes that the search index follows."""

from hub.catalog.models import CatalogEvent


def changed(*repo_ids: int) -> None:
    """Say that these repositories look different now. Inside the caller's write transaction, before `audit.record`."""
    CatalogEvent.objects.bulk_create([CatalogEvent(repo_id=repo_id) for repo_id in repo_ids])
