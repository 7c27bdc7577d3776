"""Register files whose chunks and digests were checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.models import BAD_CONDITIONS, Blob, Condition, Holding, Scope, XetFile, Xorb
from hub.storage.services.batches import in_batches
from hub.storage.xet.errors import BadShard
from hub.storage.xet.shard import Segments


@dataclass(frozen=True)
class CheckedFile:
    """A file as its shard gave it, found true. `is_known`: a sound copy of it is registered already."""

    hash: str
    sha256: str
    segments: Segments
    is_known: bool


def known_digests(hashes: Iterable[str]) -> dict[str, str]:
    """The sha256 of those Xet files that were checked before and whose bytes are sound, by file hash."""
    rows = (
        Blob.objects.filter(xet_file__hash__in=list(hashes))
        .exclude(condition__in=BAD_CONDITIONS)
        .exclude(xet_file__xorbs__condition__in=BAD_CONDITIONS)
    )
    return dict(rows.values_list("xet_file__hash", "sha256"))


def register(*, scope: Scope, files: Iterable[CheckedFile], xorbs: Mapping[bytes, int]) -> None:
    """Make the files' rows, and give the scope a holding on each, in one transaction. `xorbs`: row ids by raw hash."""
    unique = [*{file.hash: file for file in files}.values()]
    with write_transaction():
        _hold_xorbs([*xorbs.values()])
        for batch in in_batches(unique):
            _register(scope, batch, xorbs)


def _hold_xorbs(ids: list[int]) -> None:
    """Lock the xorbs' rows and mark them as referenced; none may have been collected since they were looked up."""
    for batch in in_batches(sorted(ids)):
        rows = Xorb.objects.filter(pk__in=batch)
        if len(rows.order_by("pk").select_for_update().values_list("pk", flat=True)) != len(batch):
            raise BadShard(
                "Chunks that this shard counts on were collected as garbage meanwhile. Push the files again."
            )
        rows.update(referenced_at=clock.now())


def _register(scope: Scope, files: list[CheckedFile], xorbs: Mapping[bytes, int]) -> None:
    xet_files = _write_xet_files(files, xorbs)
    by_sha256 = {file.sha256: file for file in files}
    Blob.objects.bulk_create(
        (
            Blob(sha256=sha256, size=file.segments.size, xet_file=xet_files[file.hash])
            for sha256, file in sorted(by_sha256.items())
        ),
        ignore_conflicts=True,
    )
    blobs = list(Blob.objects.filter(sha256__in=list(by_sha256)).order_by("pk").select_for_update())
    for blob in blobs:
        file = by_sha256[blob.sha256]
        _adopt(blob, file, xet_files[file.hash])
    Holding.objects.bulk_create((Holding(scope=scope, blob=blob) for blob in blobs), ignore_conflicts=True)
    Holding.objects.filter(scope=scope, blob__in=blobs).update(uploaded_at=clock.now())


def _write_xet_files(files: list[CheckedFile], xorbs: Mapping[bytes, int]) -> dict[str, XetFile]:
    """The rows of these files by hash, locked. Rows of damaged files get the segments that were just checked."""
    fresh = sorted((file for file in files if not file.is_known), key=lambda file: file.hash)
    XetFile.objects.bulk_create(
        (XetFile(hash=file.hash, size=file.segments.size, segments=file.segments.packed) for file in fresh),
        update_conflicts=True,
        unique_fields=["hash"],
        update_fields=["segments"],
    )
    rows = XetFile.objects.filter(hash__in=[file.hash for file in files]).order_by("pk").select_for_update()
    found = {row.hash: row for row in rows.defer("segments")}
    if len(found) != len(files):
        raise BadShard("A file that this shard names was collected as garbage meanwhile. Push the files again.")
    for file in fresh:
        found[file.hash].xorbs.set([xorbs[raw] for raw in file.segments.xorbs()])
    return found


def _adopt(blob: Blob, file: CheckedFile, xet_file: XetFile) -> None:
    """Let content lie as this Xet file too if it lies as none, or instead of what is damaged."""
    if blob.size != file.segments.size:
        raise BadShard(f"The hub has content of sha256 {blob.sha256} that is not {file.segments.size} bytes long.")
    is_bad = blob.condition in BAD_CONDITIONS
    if blob.xet_file_id and not is_bad:
        return
    blob.xet_file = xet_file
    if is_bad:
        blob.is_whole, blob.condition, blob.checked_at = False, Condition.UNCHECKED, None
    blob.save(update_fields=["xet_file", "is_whole", "condition", "checked_at"])
