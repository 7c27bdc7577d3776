import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.storage.xet.errors import BadShard
from hub.storage.xet.hashing import to_text, xorb_hash
from hub.storage.xet.shard import TAG, Segments, parse
from tests.unit.storage.xet.forms import SAMPLE, FileEntry, hash_of_file, make_shard, nodes, xorb_entry

TWO_RUNS = FileEntry([(SAMPLE, 0, 5), (SAMPLE, 7, 20)])
SHARD = make_shard([TWO_RUNS, FileEntry([(SAMPLE, 0, 20)])], [xorb_entry(SAMPLE)])


def test_a_shard_says_what_was_put_into_it():
    shard = parse(SHARD)
    first, second = shard.files
    assert to_text(first.hash) == hash_of_file(SAMPLE[:5] + SAMPLE[7:])
    assert first.sha256 == hashlib.sha256(b"".join(SAMPLE[:5] + SAMPLE[7:])).hexdigest()
    assert [(each.start, each.end) for each in first.segments] == [(0, 5), (7, 20)]
    assert first.segments.size == sum(map(len, SAMPLE)) - len(SAMPLE[5]) - len(SAMPLE[6])
    assert len(first.range_hashes) == 64
    assert second.segments.xorbs() == {xorb_hash(nodes(SAMPLE))}
    (xorb,) = shard.xorbs
    assert (xorb.hash, xorb.count, xorb.raw_size) == (xorb_hash(nodes(SAMPLE)), 20, sum(map(len, SAMPLE)))
    assert list(xorb.raw_lengths) == [len(chunk) for chunk in SAMPLE]


def test_what_old_clients_put_behind_the_sections_is_ignored():
    assert len(parse(SHARD + b"lookup tables").files) == 2


def test_segments_are_packed_in_44_bytes():
    (file,) = parse(make_shard([TWO_RUNS])).files
    packed = file.segments.packed
    assert len(packed) == 88
    assert list(Segments(packed)) == list(file.segments)
    assert [each.start for each in Segments(packed).from_number(1)] == [7]


BAD = {
    "nothing": b"",
    "another tag": b"x" * 500,
    "another version": TAG + bytes([3]) + SHARD[33:],
    "no verification": make_shard([FileEntry([(SAMPLE, 0, 5)], flags=1 << 30)]),
    "no sha256": make_shard([FileEntry([(SAMPLE, 0, 5)], flags=1 << 31)]),
    "no bookend": SHARD[:-48],
    "only a header": SHARD[:48],
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_malformed_shards_are_refused(data):
    with pytest.raises(BadShard):
        parse(data)


@given(st.integers(0, len(SHARD) - 1))
def test_a_truncated_shard_is_refused(length):
    with pytest.raises(BadShard):
        parse(SHARD[:length])


@given(st.binary(max_size=600))
def test_noise_gives_nothing_but_bad_shard(noise):
    try:
        parse(SHARD[:48] + noise)
    except BadShard:
        return
