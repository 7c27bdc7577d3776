"""What is stored. Who may read it is catalog's question: these answer by sha256 or scope alone."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Sum

from hub.storage.errors import BlobNotFound
from hub.storage.models import Blob, Holding, Scope
from hub.storage.xet.errors import ScopeNotFound, StaleGeneration

# Asked for with each repository's info: building the query would take longer than answering it.
_USED = """
SELECT COALESCE(SUM(b.size), 0) FROM storage_holding h JOIN storage_blob b ON b.id = h.blob_id
WHERE h.scope_id = %s AND h.committed_at IS NOT NULL
"""


def find_blob(sha256: str) -> Blob:
    """The stored content of that sha256. Raises `BlobNotFound`."""
    try:
        return Blob.objects.select_related("xet_file").get(sha256=sha256)
    except Blob.DoesNotExist as error:
        raise BlobNotFound(f"The hub has no bytes of sha256 {sha256}.") from error


def used_bytes(scope: Scope | int) -> int:
    """The bytes that the commits of the scope (or of that id) name, each content counted once."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, [scope.pk if isinstance(scope, Scope) else scope])
        return int(cursor.fetchone()[0])


def used_bytes_by_scope(scope_ids: Iterable[int]) -> dict[int, int]:
    """`used_bytes` of several scopes, by id, with one query."""
    wanted = list(scope_ids)
    rows = Holding.objects.filter(scope_id__in=wanted, committed_at__isnull=False).values_list("scope_id")
    return dict.fromkeys(wanted, 0) | dict(rows.annotate(used=Sum("blob__size")))


def xet_hash_of(sha256: str) -> str | None:
    """The Xet file hash of that content, None when it was not brought over Xet."""
    return Blob.objects.filter(sha256=sha256).values_list("xet_file__hash", flat=True).first()


def find_scope(key: str, generation: int) -> Scope:
    """The scope that a Xet address names; `ScopeNotFound`, or `StaleGeneration` for an address given up meanwhile."""
    scope = Scope.objects.filter(key=key).first()
    if scope is None:
        raise ScopeNotFound
    if scope.generation != generation:
        raise StaleGeneration
    return scope
