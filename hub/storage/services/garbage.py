"""Free what nobody needs: listed first, then deleted, each thing rechecked under the locks that commits take."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.backends import blob_key, get_backend, xorb_key
from hub.storage.models import Blob, Upload, XetFile, Xorb
from hub.storage.services.batches import in_batches
from hub.storage.services.orphans import drop_staged, find_orphans, remove_unless_known

# Nobody resumes a file that no upload knows; a day is for those that are being written right now.
_INCOMING_PROTECTION = dt.timedelta(days=1)
_BATCH = 100


@dataclass(frozen=True)
class GarbageItem:
    """`sort` is blob, xet_file, xorb, upload or file; `name` its sha256, hash, id or key; `size` the bytes it takes."""

    sort: str
    name: str
    size: int


@dataclass(frozen=True)
class GarbageReport:
    """What would be freed (`dry_run`), or what was."""

    dry_run: bool
    items: tuple[GarbageItem, ...]

    @property
    def bytes(self) -> int:
        return sum(item.size for item in self.items)

    def count(self, sort: str) -> int:
        return sum(item.sort == sort for item in self.items)

    def bytes_of(self, sort: str) -> int:
        return sum(item.size for item in self.items if item.sort == sort)


def collect_garbage(*, dry_run: bool, limit: int | None = None, slice_of: str = "") -> GarbageReport:
    """Free contents that no commit names, uploads nobody went on with, files nobody knows; all after protection.

    A dry run lists exactly what a run at that moment frees. `limit` bounds the items; `slice_of`, two hex digits,
    bounds the search for unknown files to the keys that begin with them.
    """
    before = clock.now() - dt.timedelta(days=settings.PROTECTION_DAYS)
    plan = list(islice(_plan(before, slice_of), limit))
    if dry_run:
        return GarbageReport(dry_run=True, items=tuple(plan))
    freed: list[GarbageItem] = []
    for sort, free in _FREE.items():
        for batch in in_batches((item for item in plan if item.sort == sort), _BATCH):
            gone = free([item.name for item in batch], before)
            freed += [item for item in batch if item.name in gone]
    return GarbageReport(dry_run=False, items=tuple(freed))


def _plan(before: dt.datetime, slice_of: str) -> Iterator[GarbageItem]:
    for sha256, size, is_whole in Blob.objects.garbage(before).order_by("pk").values_list("sha256", "size", "is_whole"):
        yield GarbageItem("blob", sha256, size if is_whole else 0)
    for name in XetFile.objects.garbage(before).order_by("pk").values_list("hash", flat=True):
        yield GarbageItem("xet_file", name, 0)
    for name, size in Xorb.objects.garbage(before).order_by("pk").values_list("hash", "disk_size"):
        yield GarbageItem("xorb", name, size)
    staged = {stored.name: stored.size for stored in get_backend().list("incoming")}
    for name in Upload.objects.filter(active_at__lt=before).order_by("pk").values_list("public_id", flat=True):
        yield GarbageItem("upload", name, staged.get(name, 0))
    incoming_before = max(before, clock.now() - _INCOMING_PROTECTION)
    for orphan in find_orphans(before=before, incoming_before=incoming_before, slice_of=slice_of):
        yield GarbageItem("file", orphan.key, orphan.size)


def _free_blobs(names: list[str], before: dt.datetime) -> set[str]:
    with write_transaction():
        # First the locks that `keep` and `hold` take, then a second look: what they noted meanwhile is seen.
        locked = _lock(Blob.objects.filter(sha256__in=names))
        doomed = list(Blob.objects.garbage(before).filter(pk__in=locked))
        Blob.objects.filter(pk__in=[blob.pk for blob in doomed]).delete()
    for blob in doomed:
        if blob.is_whole:
            remove_unless_known(blob_key(blob.sha256))
    return {blob.sha256 for blob in doomed}


def _free_xet_files(names: list[str], before: dt.datetime) -> set[str]:
    with write_transaction():
        locked = _lock(XetFile.objects.filter(hash__in=names))
        doomed = dict(
            XetFile.objects.garbage(before).filter(pk__in=locked, blobs__isnull=True).values_list("pk", "hash")
        )
        XetFile.objects.filter(pk__in=doomed).delete()
    return set(doomed.values())


def _free_xorbs(names: list[str], before: dt.datetime) -> set[str]:
    with write_transaction():
        locked = _lock(Xorb.objects.filter(hash__in=names))
        doomed = dict(Xorb.objects.garbage(before).filter(pk__in=locked, files__isnull=True).values_list("pk", "hash"))
        Xorb.objects.filter(pk__in=doomed).delete()
    for name in doomed.values():
        remove_unless_known(xorb_key(name))
    return set(doomed.values())


def _free_uploads(names: list[str], before: dt.datetime) -> set[str]:
    with write_transaction():
        expired = Upload.objects.filter(public_id__in=names, active_at__lt=before).select_for_update()
        doomed = dict(expired.values_list("pk", "public_id"))
        Upload.objects.filter(pk__in=doomed).delete()
    for name in doomed.values():
        drop_staged(name, wait=0)
    return set(doomed.values())


def _free_files(keys: list[str], before: dt.datetime) -> set[str]:
    del before
    return {key for key in keys if remove_unless_known(key)}


def _lock(rows: QuerySet[Any]) -> list[int]:
    return list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


# In this order: contents lie in Xet files, and those in xorbs.
_FREE: dict[str, Callable[[list[str], dt.datetime], set[str]]] = {
    "blob": _free_blobs,
    "xet_file": _free_xet_files,
    "xorb": _free_xorbs,
    "upload": _free_uploads,
    "file": _free_files,
}
