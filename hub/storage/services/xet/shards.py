"""Take in shards: what they claim about files is checked against the stored chunks, then the files are there."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db.models import F

from hub.core import clock
from hub.core.errors import TooLarge
from hub.core.transactions import write_transaction
from hub.storage.errors import BytesDamaged
from hub.storage.models import Condition, Scope, ScopeXorb, Xorb
from hub.storage.services.batches import in_batches
from hub.storage.services.xet.bodies import Readable, read_blocks
from hub.storage.services.xet.files import CheckedFile, known_digests, register
from hub.storage.services.xet.rebuilding import Indexes, read_segments
from hub.storage.services.xet.xorbs import is_stored
from hub.storage.xet.errors import BadShard
from hub.storage.xet.hashing import Merkle, file_hash, range_hash, to_text
from hub.storage.xet.shard import MAX_BODY, Segments, Shard, ShardFile, ShardXorb, parse


def receive_shard(*, scope: Scope, body: Readable, length: int) -> None:
    """Check all that the shard claims and register its files in the scope; sending it again changes nothing.

    `BadShard` names the first claim that doesn't hold; then no file of the shard is registered.
    """
    data = b"".join(read_blocks(body, length, limit=MAX_BODY, error=BadShard))
    shard = parse(data)
    try:
        xorbs = _find_xorbs(scope, shard)
        files = [*_check(shard, xorbs)]
    except BytesDamaged as error:
        _forget(scope, error.detail["xorb"])
        raise BadShard(
            f"{error} The hub asks for all chunks of this repository anew from now on: just repeat the push."
        ) from error
    register(scope=scope, files=files, xorbs=xorbs)


@dataclass(frozen=True)
class _Claim:
    """A file of the shard, its chunks proved; whether its sha256 is right is still open."""

    hash: str
    sha256: str
    segments: Segments


def _find_xorbs(scope: Scope, shard: Shard) -> dict[bytes, int]:
    """The rows of the xorbs that the shard names and this scope may name, by raw hash.

    They are marked as referenced first, so that garbage collection leaves them alone while we read them.
    """
    named = {xorb.hash for xorb in shard.xorbs}.union(*(file.segments.xorbs() for file in shard.files))
    found: dict[bytes, int] = {}
    for batch in in_batches(named):
        texts = {to_text(raw): raw for raw in batch}
        ours = Xorb.objects.filter(hash__in=list(texts), pk__in=ScopeXorb.objects.filter(scope=scope).values("xorb"))
        with write_transaction():
            rows = list(ours.defer("index").order_by("pk").select_for_update())
            Xorb.objects.filter(pk__in=[row.pk for row in rows]).update(referenced_at=clock.now())
        for xorb in rows:
            if not is_stored(xorb):
                raise BytesDamaged(f"The stored chunks of xorb {xorb.hash} are damaged or gone.", xorb=xorb.hash)
            found[texts[xorb.hash]] = xorb.pk
    return found


def _check(shard: Shard, xorbs: dict[bytes, int]) -> Iterator[CheckedFile]:
    indexes = Indexes()
    for xorb in shard.xorbs:
        _check_listed(xorb, xorbs, indexes)
    for batch in in_batches(shard.files):
        claims = [_check_chunks(file, xorbs, indexes) for file in batch]
        known = known_digests(claim.hash for claim in claims)
        for claim in claims:
            _check_sha256(claim, known.get(claim.hash), indexes)
            yield CheckedFile(claim.hash, claim.sha256, claim.segments, is_known=claim.hash in known)


def _check_listed(xorb: ShardXorb, xorbs: dict[bytes, int], indexes: Indexes) -> None:
    """A xorb that the shard lists is stored, and has the chunks that it lists."""
    name = to_text(xorb.hash)
    if xorb.hash not in xorbs:
        raise _not_here(name)
    index = indexes[xorb.hash]
    if xorb.raw_size != index.raw_size or not index.holds_exactly(xorb.chunk_hashes, xorb.raw_lengths):
        raise BadShard(f"The shard lists other chunks for xorb {name} than those that were uploaded.")
    if not np.array_equal(xorb.raw_offsets, index.raw_ends - xorb.raw_lengths):
        raise BadShard(f"The shard gives wrong offsets for the chunks of xorb {name}.")


def _check_chunks(file: ShardFile, xorbs: dict[bytes, int], indexes: Indexes) -> _Claim:
    """The file's segments lie in xorbs of this scope, the client knows their chunks, and they make the file's hash."""
    claim = _Claim(to_text(file.hash), file.sha256, file.segments)
    proofs, tree = file.range_hashes, Merkle()
    if claim.segments.size > settings.MAX_FILE_SIZE:
        raise TooLarge(f"A file may have {settings.MAX_FILE_SIZE:,} bytes at most.")
    for number, segment in enumerate(claim.segments):
        where = f"Segment {number} of file {claim.hash}"
        if segment.xorb not in xorbs:
            raise _not_here(to_text(segment.xorb))
        index = indexes[segment.xorb]
        if not segment.start < segment.end <= index.count:
            raise BadShard(f"{where} takes chunks {segment.start} to {segment.end} of a xorb that has {index.count}.")
        if segment.raw_length != index.raw_length(segment.start, segment.end):
            raise BadShard(f"{where} states {segment.raw_length} bytes, but its chunks have another length.")
        if range_hash(index.hashes(segment.start, segment.end)) != proofs[32 * number : 32 * number + 32]:
            raise BadShard(f"{where} has a verification hash that isn't that of its chunks.")
        for chunk, length in index.chunks(segment.start, segment.end):
            tree.add(chunk, length)
    if to_text(file_hash(tree)) != claim.hash:
        raise BadShard(f"The chunks of file {claim.hash} make another file hash.")
    return claim


def _check_sha256(claim: _Claim, known: str | None, indexes: Indexes) -> None:
    """The sha256 is right, by the record of an earlier check (the file hash fixes the content) or read through once."""
    found = known or _read_digest(claim.segments, indexes)
    if found != claim.sha256:
        raise BadShard(f"The shard gives sha256 {claim.sha256} for file {claim.hash}, whose content has another one.")


def _read_digest(segments: Segments, indexes: Indexes) -> str:
    digest = hashlib.sha256()
    for block in read_segments(segments, indexes, 0, segments.size):
        digest.update(block)
    return digest.hexdigest()


def _forget(scope: Scope, xorb_hash: str) -> None:
    """Chunks that clients count on are lost: note it, and make the clients of this scope forget what they sent.

    A client never asks whether a xorb that it sent within 21 days is still there; only a new address makes it ask.
    """
    with write_transaction():
        Xorb.objects.filter(hash=xorb_hash).exclude(condition=Condition.MISSING).update(condition=Condition.DAMAGED)
        Scope.objects.filter(pk=scope.pk).update(generation=F("generation") + 1)


def _not_here(name: str) -> BadShard:
    return BadShard(
        f"The shard names xorb {name}, which was not uploaded to this repository. If your client takes it "
        "for uploaded, delete the folder `xet` in its HF_HOME and push again."
    )
