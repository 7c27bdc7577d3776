"""What lies in the backend and that no row knows: left by a crash between a rename and its row, or by a restore."""

import datetime as dt
from collections.abc import Iterator

from hub.storage.backends import Stored, get_backend
from hub.storage.errors import UploadBusy
from hub.storage.models import Blob, Upload, Xorb
from hub.storage.services.batches import in_batches

_PLACES = ("sha256", "xorbs", "incoming")


def find_orphans(*, before: dt.datetime, incoming_before: dt.datetime, slice_of: str = "") -> Iterator[Stored]:
    """Unknown files, last written before then, in the slice of keys that begin with two hex digits (all without)."""
    for place in _PLACES:
        prefix = f"{place}/{slice_of}" if slice_of and place != "incoming" else place
        limit = incoming_before if place == "incoming" else before
        old = (stored for stored in get_backend().list(prefix) if stored.modified_at < limit)
        for batch in in_batches(old):
            known = _known(place, [stored.name for stored in batch])
            yield from (stored for stored in batch if stored.name not in known)


def remove_unless_known(key: str) -> bool:
    """Delete what lies there unless a row names it by now. Says whether it is gone."""
    place, name = key.partition("/")[0], key.rpartition("/")[2]
    backend = get_backend()
    with backend.lock(key):
        if name in _known(place, [name]):
            return False
        if place != "incoming":
            backend.delete(key)
            return True
    return drop_staged(name, wait=0)


def drop_staged(name: str, *, wait: float) -> bool:
    """Drop what was received under that name, unless somebody is still writing there after `wait` seconds."""
    try:
        staged = get_backend().claim_staged(name, wait=wait)
    except UploadBusy:
        return False
    if staged:
        with staged:
            staged.discard()
    return True


def _known(place: str, names: list[str]) -> set[str]:
    if place == "sha256":
        return set(Blob.objects.filter(sha256__in=names, is_whole=True).values_list("sha256", flat=True))
    if place == "xorbs":
        return set(Xorb.objects.filter(hash__in=names).values_list("hash", flat=True))
    return set(Upload.objects.filter(public_id__in=names).values_list("public_id", flat=True))
