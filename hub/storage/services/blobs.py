"""Give verified bytes their key and their row."""

import hashlib
import io
import os
from collections.abc import Callable
from typing import BinaryIO

from django.conf import settings

from hub.core import clock
from hub.core.errors import TooLarge
from hub.core.transactions import write_transaction
from hub.storage.backends import Backend, Staged, blob_key, get_backend
from hub.storage.errors import WrongDigest
from hub.storage.models import BAD_CONDITIONS, Blob, Condition, Holding, Scope
from hub.storage.services.pieces import Hasher, pieces_of, sha256_of


def store_bytes(*, scope: Scope, data: bytes | BinaryIO, sha256: str | None = None) -> Blob:
    """Store content and hold it for the scope. Call it outside a transaction.

    `data` is bytes, or an open file that is read from its start. With `sha256` given it must match (`WrongDigest`).
    Bytes that are stored already are not written again.
    """
    actual, size = _measure(data)
    check_size(size)
    if sha256 is not None and sha256 != actual:
        raise WrongDigest(f"The bytes have sha256 {actual}, not {sha256} as announced. Nothing was stored.")
    backend = get_backend()
    with backend.lock(blob_key(actual)):
        if _is_well_stored(backend, actual, size):
            return add_rows(scope=scope, sha256=actual, size=size, is_new=False)
    with backend.stage(size) as staged:
        if _write(staged, data, size) != actual:
            raise WrongDigest("The bytes changed while they were stored. Nothing was kept; try again.")
        return adopt(backend=backend, staged=staged, scope=scope, sha256=actual)


def adopt(
    *, backend: Backend, staged: Staged, scope: Scope, sha256: str, before: Callable[[], None] | None = None
) -> Blob:
    """Make staged bytes, whose sha256 was verified, the content of that sha256, held by the scope.

    Replaces what lies there: the same bytes, unless they were damaged. `before` runs first in the transaction.
    """
    key = blob_key(sha256)
    with backend.lock(key):
        backend.commit(staged, key)
        return add_rows(scope=scope, sha256=sha256, size=staged.size, is_new=True, before=before)


def add_rows(*, scope: Scope, sha256: str, size: int, is_new: bool, before: Callable[[], None] | None = None) -> Blob:
    """The rows of whole, verified bytes, under the lock of their key. `is_new`: they were just written."""
    with write_transaction():
        if before:
            before()
        blob, created = Blob.objects.select_for_update().get_or_create(
            sha256=sha256, defaults={"size": size, "is_whole": True}
        )
        if not created and (is_new or not blob.is_whole):
            blob.is_whole, blob.condition, blob.checked_at = True, Condition.UNCHECKED, None
            blob.save(update_fields=["is_whole", "condition", "checked_at"])
        Holding.objects.update_or_create(scope=scope, blob=blob, defaults={"uploaded_at": clock.now()})
    return blob


def check_size(size: int) -> None:
    if size > settings.MAX_FILE_SIZE:
        raise TooLarge(f"The file has {size:,} bytes; this hub takes up to {settings.MAX_FILE_SIZE:,} in one file.")


def _measure(data: bytes | BinaryIO) -> tuple[str, int]:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest(), len(data)
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    digest = sha256_of(pieces_of(data, size), size)
    data.seek(0)
    return digest, size


def _write(staged: Staged, data: bytes | BinaryIO, size: int) -> str:
    with Hasher(size) as hasher:
        offset = 0
        for piece in pieces_of(io.BytesIO(data) if isinstance(data, bytes) else data, size):
            hasher.update(piece)
            staged.write_at(piece, offset)
            offset += len(piece)
        return hasher.hexdigest()


def _is_well_stored(backend: Backend, sha256: str, size: int) -> bool:
    stored = Blob.objects.filter(sha256=sha256, is_whole=True).exclude(condition__in=BAD_CONDITIONS)
    return backend.size(blob_key(sha256)) == size and stored.exists()
