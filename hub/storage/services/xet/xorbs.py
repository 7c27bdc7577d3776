"""Take in xorbs: every chunk decoded, every hash computed anew, before anything gets a name."""

from hub.core import clock
from hub.core.transactions import write_transaction
from hub.storage.backends import Staged, get_backend, xorb_key
from hub.storage.errors import BytesDamaged
from hub.storage.models import BAD_CONDITIONS, Blob, Condition, Scope, ScopeXorb, Xorb
from hub.storage.services.xet.bodies import Readable, read_blocks
from hub.storage.xet.errors import BadXorb
from hub.storage.xet.xorb import MAX_BODY, ChunkIndex, XorbReader, hash_of


def receive_xorb(*, scope: Scope, xorb_hash: str, body: Readable, length: int) -> bool:
    """Store a xorb and let the scope's shards name it. True: the scope didn't have it before.

    What is stored is the chunk records alone. The first who brings a xorb decides how it is compressed; whoever brings
    it later must still send all of it, for only that shows that they have it.
    """
    backend = get_backend()
    blocks = read_blocks(body, length, limit=MAX_BODY, error=BadXorb)
    with backend.stage(length) as staged:
        index = _read_into(staged, XorbReader(blocks))
        if (found := hash_of(index)) != xorb_hash:
            raise BadXorb(f"The xorb was sent as {xorb_hash}, but its chunks make it {found}. Nothing was stored.")
        if index.disk_size == length:
            return _keep(scope, xorb_hash, index, staged)
        with backend.stage(index.disk_size) as cut:
            _copy(staged, cut)
            return _keep(scope, xorb_hash, index, cut)


def check_xorb(xorb: Xorb) -> Condition:
    """Read a stored xorb back and compare all of it with its hash and its index."""
    try:
        blocks = get_backend().read(xorb_key(xorb.hash))
    except FileNotFoundError:
        return Condition.MISSING
    reader = XorbReader(blocks)
    try:
        size = sum(len(chunk.record) for chunk in reader)
    except (BadXorb, BytesDamaged):
        return Condition.DAMAGED
    index = reader.index()
    is_good = index.packed == bytes(xorb.index) and hash_of(index) == xorb.hash
    return Condition.GOOD if is_good and size == get_backend().size(xorb_key(xorb.hash)) else Condition.DAMAGED


def is_stored(xorb: Xorb) -> bool:
    """Whether its bytes lie where they should, as far as a look at their size tells."""
    return xorb.condition not in BAD_CONDITIONS and get_backend().size(xorb_key(xorb.hash)) == xorb.disk_size


def _read_into(staged: Staged, reader: XorbReader) -> ChunkIndex:
    at = 0
    for chunk in reader:
        staged.write_at(chunk.record, at)
        at += len(chunk.record)
    return reader.index()


def _copy(source: Staged, target: Staged) -> None:
    at = 0
    for block in source.read(0, target.size):
        target.write_at(block, at)
        at += len(block)


def _keep(scope: Scope, xorb_hash: str, index: ChunkIndex, staged: Staged) -> bool:
    """Name the bytes unless they lie there already, and let the scope name them. Garbage collection locks too."""
    backend, key = get_backend(), xorb_key(xorb_hash)
    with backend.lock(key):
        with write_transaction():
            # First of all: what was referenced just now is no garbage, so the row can't go between look and write.
            Xorb.objects.filter(hash=xorb_hash).update(referenced_at=clock.now())
        known = Xorb.objects.filter(hash=xorb_hash).defer("index").first()
        is_new = known is None or not is_stored(known)
        if is_new:
            backend.commit(staged, key)
        with write_transaction():
            xorb = _write_row(xorb_hash, index) if is_new or known is None else known
            _, is_granted = ScopeXorb.objects.get_or_create(scope=scope, xorb=xorb)
    return is_new or is_granted


def _write_row(xorb_hash: str, index: ChunkIndex) -> Xorb:
    """The row of a xorb whose bytes were just written; it may be one whose bytes were lost or damaged before."""
    values = {
        "chunk_count": index.count,
        "raw_size": index.raw_size,
        "disk_size": index.disk_size,
        "index": index.packed,
        "condition": Condition.UNCHECKED,
        "checked_at": None,
    }
    xorb, is_created = Xorb.objects.update_or_create(hash=xorb_hash, defaults=values)
    if not is_created:
        healed = Blob.objects.filter(is_whole=False, xet_file__xorbs=xorb, condition__in=BAD_CONDITIONS)
        healed.update(condition=Condition.UNCHECKED, checked_at=None)
    return xorb
