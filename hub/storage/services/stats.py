"""How much is stored."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from hub.storage.backends import get_backend
from hub.storage.models import BAD_CONDITIONS, Blob, Xorb


@dataclass(frozen=True)
class StorageStats:
    """`bytes` is what the contents add up to, `disk_bytes` what they take; `damaged` counts what can't be served."""

    blobs: int
    bytes: int
    xorbs: int
    disk_bytes: int
    damaged: int
    free_bytes: int


def stats() -> StorageStats:
    """All that the hub stores, counted in the database."""
    bad = Q(condition__in=BAD_CONDITIONS)
    blobs = Blob.objects.aggregate(
        count=Count("pk"),
        bytes=Sum("size"),
        whole=Sum("size", filter=Q(is_whole=True)),
        damaged=Count("pk", filter=bad),
    )
    xorbs = Xorb.objects.aggregate(count=Count("pk"), bytes=Sum("disk_size"))
    return StorageStats(
        blobs=blobs["count"],
        bytes=blobs["bytes"] or 0,
        xorbs=xorbs["count"],
        disk_bytes=(blobs["whole"] or 0) + (xorbs["bytes"] or 0),
        damaged=blobs["damaged"],
        free_bytes=get_backend().free_space(),
    )
