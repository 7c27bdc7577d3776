"""Read back what is stored and compare it with its hash, longest unseen first."""

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.backends import blob_key, get_backend
from hub.storage.errors import BytesDamaged
from hub.storage.models import BAD_CONDITIONS, Blob, Condition, Xorb
from hub.storage.services.orphans import find_orphans
from hub.storage.services.pieces import sha256_of

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
# A file without a row may be about to get one.
_ORPHAN_AGE = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """`sort` is blob or xorb, `name` its sha256 or hash, `condition` damaged or missing.

    `blobs` are the sha256s of the contents that can't be served because of it.
    """

    sort: str
    name: str
    condition: str
    blobs: tuple[str, ...]


@dataclass(frozen=True)
class ScrubReport:
    """`orphans` are (key, size) of files that no row knows; they are searched for in a full run only."""

    checked: int
    bytes: int
    findings: tuple[Finding, ...]
    healed: tuple[str, ...]
    orphans: tuple[tuple[str, int], ...]


def scrub(*, limit_bytes: int | None = None, older_than_days: int | None = None) -> ScrubReport:
    """Re-read and re-hash stored contents and xorbs, the longest unseen first, and record what was found.

    Stops after `limit_bytes`; skips what was seen in the last `older_than_days`. What was bad and reads well again is
    served again. Without a limit, also lists the files that no row knows.
    """
    checked = read = 0
    findings: list[Finding] = []
    healed: list[str] = []
    for item in _longest_unseen(older_than_days):
        if limit_bytes is not None and read >= limit_bytes:
            break
        condition = _look(item)
        if condition in BAD_CONDITIONS:
            # A re-push may have been replacing it: what is bad is looked at twice.
            condition = _look(item)
        checked, read = checked + 1, read + _size(item)
        if not _record(item, condition):
            continue
        if condition in BAD_CONDITIONS:
            findings.append(_finding(item, condition))
        elif item.condition in BAD_CONDITIONS:
            healed.append(str(item))
    orphans = tuple(_orphans()) if limit_bytes is None else ()
    return ScrubReport(checked, read, tuple(findings), tuple(healed), orphans)


def scrub_share() -> int:
    """How many bytes a run every ten minutes must read so that all is seen every SCRUB_EVERY_DAYS days."""
    from hub.storage.services.stats import stats

    runs = settings.SCRUB_EVERY_DAYS * 24 * 6
    return max(256 * 1024**2, -(-stats().disk_bytes // runs))


def _longest_unseen(older_than_days: int | None) -> Iterator[Blob | Xorb]:
    due = Q()
    if older_than_days is not None:
        due = Q(checked_at=None) | Q(checked_at__lt=clock.now() - dt.timedelta(days=older_than_days))
    order = F("checked_at").asc(nulls_first=True)
    blobs = _steps(Blob.objects.filter(due, is_whole=True).order_by(order, "pk"))
    xorbs = _steps(Xorb.objects.filter(due).defer("index").order_by(order, "pk"))
    return heapq.merge(blobs, xorbs, key=lambda item: item.checked_at or _NEVER)


def _steps(queryset: QuerySet[Any]) -> Iterator[Any]:
    """The rows as they stand now; each is looked at when its turn comes, which may be hours later."""
    model = queryset.model
    for pk in list(queryset.values_list("pk", flat=True)):
        if item := model.objects.filter(pk=pk).first():
            yield item


def _look(item: Blob | Xorb) -> Condition:
    try:
        return _check_xorb(item) if isinstance(item, Xorb) else _check_blob(item)
    except FileNotFoundError:
        return Condition.MISSING
    except (BytesDamaged, OSError):
        # The device itself can fail to give the bytes back.
        return Condition.DAMAGED


def _check_blob(blob: Blob) -> Condition:
    actual = sha256_of(get_backend().read(blob_key(blob.sha256)), blob.size)
    return Condition.GOOD if actual == blob.sha256 else Condition.DAMAGED


def _check_xorb(xorb: Xorb) -> Condition:
    from hub.storage.services.xet import check_xorb

    found: Condition = check_xorb(xorb)
    return found


def _size(item: Blob | Xorb) -> int:
    return item.disk_size if isinstance(item, Xorb) else item.size


def _record(item: Blob | Xorb, condition: Condition) -> bool:
    """Note what was found, unless the row is gone or was renewed meanwhile."""
    with write_transaction():
        row = type(item)._default_manager.filter(pk=item.pk, condition=item.condition, checked_at=item.checked_at)
        if not row.update(condition=condition, checked_at=clock.now()):
            return False
        if isinstance(item, Xorb):
            _record_contents(item, condition)
    return True


def _record_contents(xorb: Xorb, condition: Condition) -> None:
    """A content that lies in xorbs alone is as good as the worst of them, and was seen when the longest unseen was."""
    contents = Blob.objects.filter(is_whole=False, xet_file__xorbs=xorb)
    if condition in BAD_CONDITIONS:
        contents.update(condition=condition, checked_at=clock.now())
        return
    theirs = Xorb.objects.filter(files=OuterRef("xet_file"))
    others = Xorb.objects.exclude(condition=Condition.GOOD).filter(files__in=contents.values("xet_file"))
    seen = theirs.order_by("checked_at").values("checked_at")[:1]
    contents.exclude(xet_file__xorbs__in=others).update(condition=Condition.GOOD, checked_at=Subquery(seen))


def _finding(item: Blob | Xorb, condition: Condition) -> Finding:
    if isinstance(item, Blob):
        return Finding("blob", item.sha256, condition, (item.sha256,))
    contents = Blob.objects.filter(is_whole=False, xet_file__xorbs=item).order_by("pk")
    return Finding("xorb", item.hash, condition, tuple(contents.values_list("sha256", flat=True)))


def _orphans() -> Iterator[tuple[str, int]]:
    before = clock.now() - _ORPHAN_AGE
    for orphan in find_orphans(before=before, incoming_before=before):
        yield orphan.key, orphan.size
