"""Register files whose chunks and digests were checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.models import Blob, Condition, Holding, Scope, XetFile, Xorb
from hub.storage.xet.errors import BadShard
from hub.storage.xet.shard import Segments

_BATCH = 500


@dataclass(frozen=True)
class CheckedFile:
    """A file as its shard gave it, found true. `is_known`: a sound copy of it is registered already."""

    hash: str
    sha256: str
    segments: Segments
    is_known: bool


def known_digests(hashes: Iterable[str]) -> dict[str, str]:
    """The sha256 of those Xet files that were checked before and whose bytes are sound, by file hash."""
    rows = Blob.objects.filter(
        xet_file__hash__in=list(hashes), condition__in=(Condition.UNCHECKED, Condition.GOOD)
    ).exclude(xet_file__xorbs__condition__in=(Condition.DAMAGED, Condition.MISSING))
    return dict(rows.values_list("xet_file__hash", "sha256"))


def register(*, scope: Scope, files: Iterable[CheckedFile], xorbs: Mapping[bytes, int]) -> None:
    """Make the files' rows, and give the scope a holding on each, in one transaction. `xorbs`: row ids by raw hash."""
    unique = [*{file.hash: file for file in files}.values()]
    with write_transaction():
        _hold_xorbs([*xorbs.values()])
        for at in range(0, len(unique), _BATCH):
            _register(scope, unique[at : at + _BATCH], xorbs)


def _hold_xorbs(ids: list[int]) -> None:
    """Mark the xorbs as referenced, which locks their rows; none may have been collected since they were looked up."""
    held = 0
    for at in range(0, len(ids), _BATCH):
        held += Xorb.objects.filter(pk__in=ids[at : at + _BATCH]).update(referenced_at=clock.now())
    if held != len(ids):
        raise BadShard("Chunks that this shard counts on were collected as garbage meanwhile. Push the files again.")


def _register(scope: Scope, files: list[CheckedFile], xorbs: Mapping[bytes, int]) -> None:
    xet_files = _write_xet_files(files, xorbs)
    Blob.objects.bulk_create(
        (
            Blob(sha256=sha256, size=file.segments.size, xet_file=xet_files[file.hash])
            for sha256, file in {file.sha256: file for file in files}.items()
        ),
        ignore_conflicts=True,
    )
    by_sha256 = {file.sha256: file for file in files}
    blobs = [*Blob.objects.select_for_update().filter(sha256__in=list(by_sha256))]
    for blob in blobs:
        _adopt(blob, by_sha256[blob.sha256], xet_files[by_sha256[blob.sha256].hash])
    Holding.objects.bulk_create((Holding(scope=scope, blob=blob) for blob in blobs), ignore_conflicts=True)
    Holding.objects.filter(scope=scope, blob__in=blobs).update(uploaded_at=clock.now())


def _write_xet_files(files: list[CheckedFile], xorbs: Mapping[bytes, int]) -> dict[str, XetFile]:
    """The rows of these files by hash. Rows of damaged files get the segments that were just checked."""
    hashes = [file.hash for file in files]
    XetFile.objects.bulk_create(
        (
            XetFile(hash=file.hash, size=file.segments.size, segments=file.segments.packed)
            for file in files
            if not file.is_known
        ),
        update_conflicts=True,
        unique_fields=["hash"],
        update_fields=["segments"],
    )
    rows = {row.hash: row for row in XetFile.objects.filter(hash__in=hashes).defer("segments")}
    for file in files:
        if file.hash not in rows:
            raise BadShard("A file that this shard names was collected as garbage meanwhile. Push the files again.")
        if not file.is_known:
            rows[file.hash].xorbs.set([xorbs[raw] for raw in file.segments.xorbs()])
    return rows


def _adopt(blob: Blob, file: CheckedFile, xet_file: XetFile) -> None:
    """Let a blob lie as this Xet file too, if it lies as none, or as one that is damaged."""
    if blob.size != file.segments.size:
        raise BadShard(f"The hub has content of sha256 {blob.sha256} that is not {file.segments.size} bytes long.")
    if blob.xet_file_id is None or (not file.is_known and blob.condition in {Condition.DAMAGED, Condition.MISSING}):
        blob.xet_file = xet_file
        if blob.condition != Condition.GOOD and not blob.is_whole:
            blob.condition, blob.checked_at = Condition.UNCHECKED, None
        blob.save(update_fields=["xet_file", "condition", "checked_at"])
