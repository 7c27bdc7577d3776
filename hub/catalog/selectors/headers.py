"""Headers of weights files, kept in this process by git id and format: what an id names never changes."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hub.catalog.models import GitObject
from hub.catalog.trees import Entry
from hub.catalog.weights import Detail, Read, Weights, detail_of, format_of, read_weights, summed
from hub.core.kept import Kept
from hub.storage import services as storage

_BATCH = 500
_MAX_JSON = 10_000_000
# The limit counts tensors.
headers: Kept[tuple[str, str], Weights] = Kept(limit=100_000)
Objects = Mapping[str, GitObject]
_NONE: Objects = MappingProxyType({})


def reader_of(entry: Entry, fresh: Objects = _NONE) -> Read:
    """The bytes of a file, range by range; `fresh` objects aren't saved yet."""
    if sha256 := entry.lfs or entry.stored:
        return storage.reader(sha256=sha256)
    made = fresh.get(entry.oid)
    data = _saved(entry.oid) if made is None else bytes(made.data or b"")
    return lambda start, length: data[start : start + length]


def header_of(path: str, entry: Entry, fresh: Objects = _NONE) -> Weights:
    """Read once by this process. Raises `BadWeights`, and what `storage` raises for bytes that are gone."""
    key = (entry.oid, str(format_of(path)))
    if (weights := headers.get(key)) is None:
        weights = read_weights(path, entry.size, reader_of(entry, fresh))
        headers.put(key, weights, len(weights.tensors) + 1)
    return weights


def details_of(files: Mapping[str, Entry], fresh: Objects = _NONE) -> dict[str, Detail]:
    """By path, what is kept of each weights file: one query (a few, for very many).

    A file that had another name before, so that nobody looked into it, is read now; raises `BadWeights` if that is a
    safetensors file and broken.
    """
    known: dict[str, Any] = {}
    wanted = list({entry.oid for entry in files.values()} - set(fresh))
    for start in range(0, len(wanted), _BATCH):
        rows = GitObject.objects.filter(oid__in=wanted[start : start + _BATCH], detail__isnull=False)
        known.update(rows.values_list("oid", "detail"))
    known.update({oid: made.detail for oid, made in fresh.items() if made.detail})
    return {path: _detail(path, entry, known.get(entry.oid), fresh) for path, entry in files.items()}


def json_at(entry: Entry | None) -> Any:
    """The content of a small JSON file; None where it isn't one."""
    if entry is None or entry.is_tree or entry.size > _MAX_JSON:
        return None
    try:
        return json.loads(reader_of(entry)(0, entry.size))
    except (ValueError, RecursionError):
        return None


def _detail(path: str, entry: Entry, known: Any, fresh: Objects) -> Detail:
    kind = str(format_of(path))
    if isinstance(known, dict) and known.get("format", "safetensors") == kind:
        return Detail(**known)
    if weights := headers.get((entry.oid, kind)):
        return summed(kind, weights)
    return detail_of(path, entry.size, reader_of(entry, fresh)) or Detail(format=kind)


def _saved(oid: str) -> bytes:
    return bytes(GitObject.objects.values_list("data", flat=True).get(oid=oid) or b"")
