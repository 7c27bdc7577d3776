"""Scopes, and which bytes each of them holds."""

from collections.abc import Iterable
from contextlib import nullcontext

from django.db import connection
from django.db.models.functions import Coalesce

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.backends import blob_key
from hub.storage.errors import BlobNotFound, NotHeld
from hub.storage.models import Blob, Holding, Scope
from hub.storage.services.batches import in_batches
from hub.storage.services.orphans import remove_unless_known


def new_scope() -> Scope:
    """A space of bytes for a new repository. Call it inside the transaction that makes the repository."""
    return Scope.objects.create()


def drop_scope(scope: Scope) -> None:
    """End a scope: its holdings and uploads go, its bytes wait for the garbage collection.

    Call it inside the transaction that deletes the repository, after the repository's own row is gone.
    """
    Scope.objects.filter(pk=scope.pk).delete()


def held(*, scope: Scope, sha256s: Iterable[str], committed: bool = False) -> dict[str, int]:
    """Which of these the scope holds, uploaded or committed, with their sizes. Nothing is told about the others.

    `committed`: only what a commit names, which is what readers may have.
    """
    more = {"holdings__committed_at__isnull": False} if committed else {}
    sizes: dict[str, int] = {}
    for batch in in_batches(set(sha256s)):
        sizes.update(Blob.objects.filter(sha256__in=batch, holdings__scope=scope, **more).values_list("sha256", "size"))
    return sizes


def named(*, scope: Scope) -> set[str]:
    """All that commits of the scope name."""
    rows = Blob.objects.filter(holdings__scope=scope, holdings__committed_at__isnull=False)
    return set(rows.values_list("sha256", flat=True))


def hold(*, scope: Scope, sha256: str) -> None:
    """Let the scope hold bytes that the hub has. The caller checked that whoever asks may read them elsewhere.

    Inside a transaction or outside one. Raises `BlobNotFound` when the bytes are gone.
    """
    with nullcontext() if connection.in_atomic_block else write_transaction():
        # The lock keeps the garbage collection off until the holding stands.
        blob = Blob.objects.select_for_update().filter(sha256=sha256).first()
        if blob is None:
            raise BlobNotFound(f"The hub has no bytes of sha256 {sha256} (any more). Upload them.")
        Holding.objects.update_or_create(scope=scope, blob=blob, defaults={"uploaded_at": clock.now()})


def keep(*, scope: Scope, sha256s: Iterable[str]) -> None:
    """Note that a commit of the scope names these bytes, so that they stay. Call it inside the commit's transaction.

    Raises `NotHeld` (`detail["sha256s"]`) when the scope doesn't hold one of them, or holds it no longer: the garbage
    collection takes the same locks, so either it sees what we note here or we see that it was first.
    """
    for batch in in_batches(sorted(set(sha256s))):
        blobs = Blob.objects.filter(sha256__in=batch, holdings__scope=scope)
        locked = dict(blobs.order_by("pk").select_for_update().values_list("sha256", "pk"))
        if missing := sorted(set(batch) - set(locked)):
            raise NotHeld(
                f"The repository doesn't hold {len(missing)} of the files that the commit names, such as sha256 "
                f"{missing[0]}. Upload them to it, then commit again.",
                sha256s=missing,
            )
        holdings = Holding.objects.filter(scope=scope, blob__in=locked.values())
        kept = holdings.update(committed_at=Coalesce("committed_at", clock.now()))
        if kept != len(locked):
            raise NotHeld("A file that the commit names was dropped meanwhile. Upload it again, then commit again.")


def let_go(*, scope: Scope, sha256s: Iterable[str]) -> None:
    """The scope needs these bytes no longer; those that no scope holds any more are freed at once."""
    for batch in in_batches(sorted(set(sha256s))):
        with write_transaction():
            locked = list(Blob.objects.filter(sha256__in=batch).order_by("pk").select_for_update())
            Holding.objects.filter(scope=scope, blob__in=locked).delete()
            # Whoever holds them elsewhere took the same lock, so it is seen here.
            shared = set(Holding.objects.filter(blob__in=locked).values_list("blob_id", flat=True))
            doomed = [blob for blob in locked if blob.pk not in shared]
            Blob.objects.filter(pk__in=[blob.pk for blob in doomed]).delete()
        for blob in doomed:
            remove_unless_known(blob_key(blob.sha256))
