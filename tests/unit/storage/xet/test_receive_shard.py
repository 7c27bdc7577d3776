import datetime as dt
import hashlib
from functools import partial

import pytest

from hub.core import clock
from hub.core.errors import TooLarge
from hub.storage import services
from hub.storage.backends import xorb_key
from hub.storage.models import Blob, Condition, Holding, Scope, XetFile, Xorb
from hub.storage.services.xet import shards
from hub.storage.xet.errors import BadShard
from hub.storage.xet.hashing import chunk_hash
from tests.concurrency import together
from tests.unit.storage.xet.forms import SAMPLE, FileEntry, hash_of_file, make_shard, make_xorb, xorb_entry

pytestmark = pytest.mark.django_db(transaction=True)
DATA = b"".join(SAMPLE)
SHA256 = hashlib.sha256(DATA).hexdigest()
WHOLE = FileEntry([(SAMPLE, 0, 20)])
OTHER = [b"other" * 300, b"chunk" * 300]


@pytest.fixture
def pushed(scope, push_xorb) -> Scope:
    """A scope that has the sample's xorb."""
    push_xorb(scope, SAMPLE)
    return scope


def test_a_file_is_registered_and_held(pushed, push_shard):
    push_shard(pushed, make_shard([WHOLE], [xorb_entry(SAMPLE)]))
    assert services.held(scope=pushed, sha256s=[SHA256]) == {SHA256: len(DATA)}
    xet_file = XetFile.objects.get()
    assert (xet_file.hash, xet_file.size, xet_file.xorbs.count()) == (hash_of_file(SAMPLE), len(DATA), 1)
    assert services.read_range(sha256=SHA256, start=0, length=len(DATA)) == DATA


def test_the_same_shard_again_changes_nothing_and_reads_nothing(pushed, push_shard, monkeypatch):
    shard = make_shard([WHOLE, WHOLE], [xorb_entry(SAMPLE)])
    push_shard(pushed, shard)
    monkeypatch.setattr(shards, "_read_digest", pytest.fail)
    push_shard(pushed, shard)
    assert (XetFile.objects.count(), Blob.objects.count(), Holding.objects.count()) == (1, 1, 1)


def test_files_over_several_xorbs_and_with_repeats(pushed, push_xorb, push_shard):
    push_xorb(pushed, OTHER, 2)
    runs = [(SAMPLE, 3, 9), (OTHER, 0, 2), (SAMPLE, 3, 9), (OTHER, 1, 2)]
    push_shard(pushed, make_shard([FileEntry(runs)]))
    data = b"".join(FileEntry(runs).chunks)
    assert services.read_range(sha256=hashlib.sha256(data).hexdigest(), start=0, length=10**9) == data
    assert XetFile.objects.get().xorbs.count() == 2


def test_a_shard_may_list_xorbs_alone_or_hold_an_empty_file(pushed, push_shard):
    push_shard(pushed, make_shard([], [xorb_entry(SAMPLE)]))
    push_shard(pushed, make_shard([FileEntry([])]))
    empty = hashlib.sha256(b"").hexdigest()
    assert services.read_range(sha256=empty, start=0, length=5) == b""


def test_content_that_lies_whole_already_gets_a_second_form(pushed, push_shard):
    services.store_bytes(scope=services.new_scope(), data=DATA)
    push_shard(pushed, make_shard([WHOLE]))
    blob = Blob.objects.get()
    assert blob.is_whole
    assert blob.xet_file == XetFile.objects.get()
    assert services.held(scope=pushed, sha256s=[SHA256])


def test_content_whose_whole_form_is_damaged_lies_as_chunks_from_now_on(pushed, push_shard):
    services.store_bytes(scope=pushed, data=DATA)
    Blob.objects.update(condition=Condition.DAMAGED)
    push_shard(pushed, make_shard([WHOLE]))
    assert services.read_range(sha256=SHA256, start=0, length=len(DATA)) == DATA


LIES = {
    "somebody else's sha256": FileEntry([(SAMPLE, 0, 20)], sha256="ab" * 32),
    "another file hash": FileEntry([(SAMPLE, 0, 20)], hash="ab" * 32),
    "another length": FileEntry([(SAMPLE, 0, 20)], raw=len(DATA) - 1),
    "chunks not known": FileEntry([(SAMPLE, 0, 20)], proofs=[bytes(32)]),
    "chunks of another range": FileEntry([(SAMPLE, 0, 2)], proofs=[chunk_hash(SAMPLE[0])]),
    "an empty range": FileEntry([(SAMPLE, 5, 5)]),
    "a range turned round": FileEntry([(SAMPLE, 5, 4)]),
    "beyond the last chunk": FileEntry([(SAMPLE, 0, 21)]),
    "a xorb never sent": FileEntry([(OTHER, 0, 2)]),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_about_one_file_registers_none(pushed, push_shard, lie):
    with pytest.raises(BadShard):
        push_shard(pushed, make_shard([WHOLE, lie]))
    assert not Blob.objects.exists()
    assert not XetFile.objects.exists()


def test_a_wrong_sha256_is_refused_for_a_file_that_was_checked_before(pushed, push_shard):
    push_shard(pushed, make_shard([WHOLE]))
    with pytest.raises(BadShard, match="sha256"):
        push_shard(pushed, make_shard([FileEntry([(SAMPLE, 0, 20)], sha256="ab" * 32)]))


LISTS = {
    "never sent": xorb_entry(OTHER),
    "fewer chunks": xorb_entry(SAMPLE[:19], name=xorb_entry(SAMPLE)[:32]),
    "other chunks": xorb_entry(SAMPLE[::-1], name=xorb_entry(SAMPLE)[:32]),
    "other offsets": xorb_entry(SAMPLE, shift=1),
}


@pytest.mark.parametrize("entry", LISTS.values(), ids=LISTS.keys())
def test_a_lie_about_a_listed_xorb_is_refused(pushed, push_shard, entry):
    with pytest.raises(BadShard):
        push_shard(pushed, make_shard([WHOLE], [entry]))


def test_another_scopes_xorb_is_as_if_it_were_not_there(pushed, push_shard, push_xorb):
    push_shard(pushed, make_shard([WHOLE]))
    other = services.new_scope()
    with pytest.raises(BadShard, match="not uploaded to this repository"):
        push_shard(other, make_shard([WHOLE]))
    assert services.held(scope=other, sha256s=[SHA256]) == {}
    push_xorb(other, SAMPLE)
    push_shard(other, make_shard([WHOLE]))
    assert services.held(scope=other, sha256s=[SHA256])


def test_every_flipped_bit_of_a_shard_is_refused_or_without_meaning(pushed, push_shard):
    shard = make_shard([WHOLE], [xorb_entry(SAMPLE[:20])])
    for at in range(0, len(shard) * 8, 5):
        flipped = bytearray(shard)
        flipped[at // 8] ^= 1 << at % 8
        try:
            push_shard(pushed, bytes(flipped))
        except BadShard:
            continue
        assert list(Blob.objects.values_list("sha256", flat=True)) in ([SHA256], [])


def test_a_file_over_the_limit_is_refused(pushed, push_shard, settings):
    settings.MAX_FILE_SIZE = len(DATA) - 1
    with pytest.raises(TooLarge):
        push_shard(pushed, make_shard([WHOLE]))


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_lost_chunks_make_the_scopes_clients_send_them_again(pushed, push_shard, push_xorb, storage_dir, harm):
    path = storage_dir / xorb_key(make_xorb(SAMPLE)[0])
    path.unlink() if harm == "gone" else path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(BadShard, match="repeat the push"):
        push_shard(pushed, make_shard([WHOLE]))
    pushed.refresh_from_db()
    assert pushed.generation == 2
    push_xorb(pushed, SAMPLE)
    push_shard(pushed, make_shard([WHOLE]))
    assert services.read_range(sha256=SHA256, start=0, length=len(DATA)) == DATA


def test_registering_keeps_old_xorbs_from_garbage_collection(pushed, push_shard):
    Xorb.objects.update(referenced_at=clock.now() - dt.timedelta(days=100))
    push_shard(pushed, make_shard([], [xorb_entry(SAMPLE)]))
    assert services.collect_garbage(dry_run=False).items == ()
    Xorb.objects.update(referenced_at=clock.now() - dt.timedelta(days=100))
    push_shard(pushed, make_shard([WHOLE]))
    assert services.collect_garbage(dry_run=False).items == ()


def test_a_xorb_collected_while_its_shard_is_read_is_noticed(pushed, push_shard, monkeypatch):
    real = shards._read_digest

    def collected(*args):
        digest = real(*args)
        Xorb.objects.all().delete()
        return digest

    monkeypatch.setattr(shards, "_read_digest", collected)
    with pytest.raises(BadShard, match="collected"):
        push_shard(pushed, make_shard([WHOLE]))
    assert not Blob.objects.exists()


def test_what_nobody_commits_is_collected_down_to_the_chunks(pushed, push_shard, storage_dir):
    push_shard(pushed, make_shard([WHOLE]))
    old = clock.now() - dt.timedelta(days=100)
    for model, field in ((Xorb, "referenced_at"), (XetFile, "created_at"), (Blob, "created_at")):
        model.objects.update(**{field: old})
    Holding.objects.update(uploaded_at=old)
    report = services.collect_garbage(dry_run=False)
    assert [item.sort for item in report.items] == ["blob", "xet_file", "xorb"]
    assert not (storage_dir / xorb_key(make_xorb(SAMPLE)[0])).exists()


def test_pushes_of_the_same_file_at_the_same_moment_all_succeed(push_xorb, push_shard):
    scopes = [services.new_scope() for _ in range(4)]

    def push(scope: Scope) -> None:
        push_xorb(scope, SAMPLE)
        push_shard(scope, make_shard([WHOLE], [xorb_entry(SAMPLE)]))

    assert together(*(partial(push, scope) for scope in scopes)) == [None] * 4
    assert (Xorb.objects.count(), XetFile.objects.count(), Blob.objects.count()) == (1, 1, 1)
    assert Holding.objects.count() == 4
