"""What is stored. Who may read it is catalog's question: these answer by sha256 or scope alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Sum

from hub.storage.backends import get_backend
from hub.storage.errors import BlobNotFound, UploadNotFound
from hub.storage.models import Blob, Holding, Scope, Upload
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


def find_scope(key: str, generation: int) -> Scope:
    """The scope that a Xet address names; `ScopeNotFound`, or `StaleGeneration` for an address given up meanwhile."""
    scope = Scope.objects.filter(key=key).first()
    if scope is None:
        raise ScopeNotFound
    if scope.generation != generation:
        raise StaleGeneration
    return scope


@dataclass(frozen=True)
class Room:
    """What still fits: the largest file that is taken, and the bytes that are free."""

    max_file_size: int
    free_bytes: int


def room() -> Room:
    """The limits of an upload that begins now."""
    return Room(settings.MAX_FILE_SIZE, get_backend().free_space())


def find_upload(scope: Scope, upload_id: str) -> Upload:
    """The upload into that scope; `UploadNotFound` for one of another scope too."""
    upload = Upload.objects.filter(scope=scope, public_id=upload_id).first()
    if upload is None:
        raise UploadNotFound
    return upload


def bytes_of_its_own(scope: Scope | int) -> int:
    """The bytes that only this scope holds: what its end frees, once the protection time is over. Contents that lie in
    chunks shared with others free a little less."""
    others = Holding.objects.filter(blob=OuterRef("pk")).exclude(scope=scope)
    own = Blob.objects.filter(holdings__scope=scope).exclude(Exists(others))
    return own.aggregate(bytes=Sum("size"))["bytes"] or 0
