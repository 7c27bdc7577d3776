"""The trail of what changed, which the search index follows."""

from django.db import connection

from hub.catalog.models import CatalogEvent

# Any number that no other lock of this database has.
_LOCK = 0x68656164


def changed(*repo_ids: int) -> None:
    """These repositories look otherwise now, or are gone. Inside the caller's write transaction, late in it.

    Readers go on from the last `seq` they saw, so none may become visible after a higher one. SQLite has one writer at
    a time; on PostgreSQL writers wait here for each other's commit.
    """
    if not repo_ids:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    CatalogEvent.objects.bulk_create([CatalogEvent(repo_id=repo_id) for repo_id in repo_ids], batch_size=500)
