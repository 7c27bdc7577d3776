"""Bytes on their way in: begin, receive parts in any order, finish."""

import re
from dataclasses import dataclass

from django.conf import settings

from hub.core import clock
from hub.core.errors import InvalidInput, OutOfSpace
from hub.core.transactions import write_transaction
from hub.storage.backends import Backend, Staged, blob_key, get_backend
from hub.storage.errors import BadPart, UploadNotFound, WrongDigest, WrongSize
from hub.storage.models import BAD_CONDITIONS, Blob, Holding, Scope, Upload, UploadPart
from hub.storage.services.blobs import add_rows, adopt, check_size
from hub.storage.services.orphans import drop_staged
from hub.storage.services.pieces import Body, Hasher, pieces_of, sha256_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MAX_PARTS = 10_000
# How long the end of an upload waits for parts that are still being written.
_PATIENCE = 30.0


@dataclass(frozen=True)
class UploadPlan:
    """Send `part_count` parts of `part_size` bytes (the last one has the rest), but not those in `received`.

    With `is_present` there is nothing to send or finish: the scope holds the bytes, and `upload_id` is empty.
    """

    upload_id: str
    part_size: int
    part_count: int
    received: frozenset[int]
    is_present: bool


def begin_upload(
    *, scope: Scope, sha256: str, size: int, single: bool = False, in_parts: bool = False, usual_part: int = 0
) -> UploadPlan:
    """Plan how these bytes come in, or find the plan that was made before, with what was received since.

    `single`: the client can't send parts, so whatever the size the plan has one. `in_parts`: the client goes on where
    it broke off, so files below the usual size for it come in parts too; `usual_part` is what it likes to send in one
    request, in place of the hub's own measure. Raises `TooLarge`, `OutOfSpace`,
    `WrongSize` (the scope holds bytes of that sha256, of another size).
    """
    if not _SHA256.fullmatch(sha256) or size < 0:
        raise InvalidInput("An upload needs a sha256 of 64 lower-case hex digits, and a size of 0 or more.")
    check_size(size)
    if _refresh_holding(scope, sha256, size):
        return UploadPlan(upload_id="", part_size=size, part_count=0, received=frozenset(), is_present=True)
    if size > (free := get_backend().free_space()) and not _has_its_space(scope, sha256, size):
        raise OutOfSpace(f"The hub has {free:,} bytes left; this file needs {size:,}. Ask the administrator for space.")
    is_whole = single or not (in_parts or size >= settings.LFS_MULTIPART_FROM)
    part_size = max(size, 1) if is_whole else _part_size(size, usual_part or settings.LFS_PART_SIZE)
    upload = _find_or_create(scope, sha256, size, part_size, single=single)
    received = _received(upload)
    return UploadPlan(upload.public_id, upload.part_size, upload.part_count, received, is_present=False)


def receive_part(*, upload_id: str, number: int, body: Body, length: int) -> str:
    """Write one part, numbered from 1, and return its etag. Parts may come in any order, and at the same time.

    Raises `BadPart` when `length` is not the planned one or the body ends before (what was received stays, the part can
    be sent again), `WrongDigest` when the only part doesn't have the sha256. A part that was received is read and
    dropped.
    """
    upload = _find(upload_id)
    expected = upload.length_of(number)
    if expected is None:
        raise BadPart(f"The upload has parts 1 to {upload.part_count}; there is no part {number}.")
    if length != expected:
        raise BadPart(f"Part {number} has {expected:,} bytes in the plan, not {length:,}. Begin the upload again.")
    part = upload.parts.filter(number=number).first()
    if part and get_backend().is_staged(upload.public_id):
        for _ in pieces_of(body, length):
            pass
        return part.etag
    return _receive_whole(upload, body) if upload.part_count == 1 else _receive_at(upload, number, body, length)


def finish_upload(*, upload_id: str) -> Blob:
    """Verify what was received and make it the scope's.

    Raises `BadPart` (`detail["missing"]`) while parts are missing, `WrongDigest` after which nothing is kept, and
    `UploadBusy` while a part is still being written or somebody else is verifying.
    """
    upload = _find(upload_id)
    received = set(upload.parts.values_list("number", flat=True))
    if missing := [number for number in range(1, upload.part_count + 1) if number not in received]:
        raise BadPart(
            f"{len(missing)} of {upload.part_count} parts are missing, first part {missing[0]}.", missing=missing
        )
    backend = get_backend()
    staged = backend.claim_staged(upload.public_id, wait=_PATIENCE)
    if staged is None:
        return _finish_renamed(backend, upload)
    with staged:
        # The digest of a single part was taken as it was written, to a file that nobody else could write to.
        if upload.part_count > 1 or staged.size != upload.size:
            _verify(upload, staged)
        return adopt(
            backend=backend, staged=staged, scope=upload.scope, sha256=upload.sha256, before=lambda: _close(upload)
        )


def _find(upload_id: str) -> Upload:
    try:
        return Upload.objects.select_related("scope").get(public_id=upload_id)
    except Upload.DoesNotExist as error:
        raise UploadNotFound from error


def _refresh_holding(scope: Scope, sha256: str, size: int) -> bool:
    """Whether the scope holds the bytes in good state; then their protection starts anew."""
    blob = Blob.objects.filter(sha256=sha256, holdings__scope=scope).first()
    if blob is None:
        return False
    if blob.size != size:
        raise WrongSize(f"The content of sha256 {sha256} has {blob.size:,} bytes, not {size:,} as announced.")
    if blob.condition in BAD_CONDITIONS or (blob.is_whole and get_backend().size(blob_key(sha256)) != size):
        return False
    with write_transaction():
        return bool(Holding.objects.filter(scope=scope, blob=blob).update(uploaded_at=clock.now()))


def _has_its_space(scope: Scope, sha256: str, size: int) -> bool:
    """Whether the upload was begun before: all of its space was taken with its first part."""
    begun = Upload.objects.filter(scope=scope, sha256=sha256, size=size).first()
    return begun is not None and get_backend().is_staged(begun.public_id)


def _part_size(size: int, usual: int) -> int:
    """The usual one, or as many whole MiB as it takes to stay below the most parts that clients manage."""
    if size <= usual * _MAX_PARTS:
        return usual
    mib = 1 << 20
    return -(-size // (_MAX_PARTS * mib)) * mib


def _find_or_create(scope: Scope, sha256: str, size: int, part_size: int, *, single: bool) -> Upload:
    dropped: list[str] = []
    with write_transaction():
        wanted = {"size": size, "part_size": part_size}
        upload, created = Upload.objects.get_or_create(scope=scope, sha256=sha256, defaults=wanted)
        if not created and (upload.size != size or (single and upload.part_count > 1)):
            # Another size was announced, or the client can't go on in parts: what was received is of no use.
            dropped.append(upload.public_id)
            upload.delete()
            upload = Upload.objects.create(scope=scope, sha256=sha256, **wanted)
        Upload.objects.filter(pk=upload.pk).update(active_at=clock.now())
    for name in dropped:
        drop_staged(name, wait=0)
    return upload


def _received(upload: Upload) -> frozenset[int]:
    numbers = frozenset(upload.parts.values_list("number", flat=True))
    backend = get_backend()
    if not numbers or backend.is_staged(upload.public_id) or backend.size(blob_key(upload.sha256)) == upload.size:
        return numbers
    with write_transaction():
        upload.parts.all().delete()
    return frozenset()


def _receive_whole(upload: Upload, body: Body) -> str:
    """Write and hash the only part, in a place of its own: a second sender can't mix its bytes in."""
    with get_backend().stage(upload.size) as staged, Hasher(upload.size) as hasher:
        offset = 0
        for piece in pieces_of(body, upload.size):
            hasher.update(piece)
            staged.write_at(piece, offset)
            offset += len(piece)
        if (actual := hasher.hexdigest()) != upload.sha256:
            raise _wrong_digest(upload, actual)
        staged.keep_as(upload.public_id)
        return _record_part(upload, 1, staged, etag=upload.sha256)


def _receive_at(upload: Upload, number: int, body: Body, length: int) -> str:
    offset = (number - 1) * upload.part_size
    with get_backend().open_staged(upload.public_id, upload.size) as staged:
        for piece in pieces_of(body, length):
            staged.write_at(piece, offset)
            offset += len(piece)
        # Recorded while the place is still locked: whoever verifies it sees all that was recorded.
        return _record_part(upload, number, staged, etag=f"{upload.public_id}-{number}")


def _record_part(upload: Upload, number: int, staged: Staged, etag: str) -> str:
    with write_transaction():
        if Upload.objects.filter(pk=upload.pk).update(active_at=clock.now()):
            UploadPart.objects.update_or_create(upload=upload, number=number, defaults={"etag": etag})
            return etag
    staged.discard()
    raise UploadNotFound("The upload was finished or dropped while its part came in. Begin it again.")


def _verify(upload: Upload, staged: Staged) -> None:
    actual = sha256_of(staged.read(), staged.size) if staged.size == upload.size else "(of another size)"
    if actual == upload.sha256:
        return
    with write_transaction():
        Upload.objects.filter(pk=upload.pk).delete()
    staged.discard()
    raise _wrong_digest(upload, actual)


def _wrong_digest(upload: Upload, actual: str) -> WrongDigest:
    return WrongDigest(
        f"The bytes that arrived have sha256 {actual}, not {upload.sha256} as announced. "
        "Nothing was kept; check the file and upload it again.",
        expected=upload.sha256,
        actual=actual,
    )


def _close(upload: Upload) -> None:
    """End the upload inside the transaction that stores its bytes; only one finisher can."""
    if not Upload.objects.filter(pk=upload.pk).delete()[0]:
        raise UploadNotFound("The upload was dropped while it was finished. Begin it again.")


def _finish_renamed(backend: Backend, upload: Upload) -> Blob:
    """Nothing is staged: another finisher was faster, or the hub died between the rename and the row."""
    blob = Blob.objects.filter(sha256=upload.sha256, holdings__scope=upload.scope).first()
    if blob and not Upload.objects.filter(pk=upload.pk).exists():
        return blob
    key = blob_key(upload.sha256)
    with backend.lock(key):
        if backend.size(key) == upload.size and sha256_of(backend.read(key), upload.size) == upload.sha256:
            return add_rows(
                scope=upload.scope, sha256=upload.sha256, size=upload.size, is_new=True, before=lambda: _close(upload)
            )
    with write_transaction():
        upload.parts.all().delete()
    raise BadPart("What was received is gone. Begin the upload again and send all parts.")
