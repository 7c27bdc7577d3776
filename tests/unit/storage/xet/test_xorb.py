import random

import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.storage.xet import xorb
from hub.storage.xet.errors import BadXorb
from tests.unit.storage.xet.forms import SAMPLE, group, make_xorb, nodes, record


def read(body: bytes, block: int = 1000) -> tuple[list[bytes], xorb.ChunkIndex]:
    reader = xorb.XorbReader(body[at : at + block] for at in range(0, len(body), block))
    data = [chunk.data for chunk in reader]
    return data, reader.index()


@pytest.mark.parametrize("scheme", [0, 1, 2])
@pytest.mark.parametrize("block", [1, 999, 100_000])
def test_every_scheme_is_read_back_whatever_the_blocks(scheme, block):
    name, body = make_xorb(SAMPLE, scheme)
    data, index = read(body, block)
    assert data == SAMPLE
    assert xorb.hash_of(index) == name
    assert (index.count, index.raw_size, index.disk_size) == (20, sum(map(len, SAMPLE)), len(body))
    assert list(index.chunks()) == nodes(SAMPLE)


def test_the_index_finds_chunks_in_the_stored_bytes():
    _, body = make_xorb(SAMPLE, 1)
    _, index = read(body)
    low, high = index.stored_range(4, 9)
    assert list(xorb.split(body[low:high], 5)) == SAMPLE[4:9]
    assert index.raw_length(4, 9) == sum(map(len, SAMPLE[4:9]))


def test_bytes_are_ungrouped():
    assert xorb.ungroup(bytes.fromhex("00040801050902060307")) == bytes(range(10))


@given(st.binary(max_size=50))
def test_ungrouping_undoes_grouping(data):
    assert xorb.ungroup(group(data)) == data


def test_the_footer_of_old_clients_is_dropped():
    name, body = make_xorb(SAMPLE)
    _, index = read(body + b"XETBLOB" + bytes(500))
    assert (xorb.hash_of(index), index.disk_size) == (name, len(body))


BOMB = lz4.frame.compress(bytes(60_000_000))
HELLO = lz4.frame.compress(b"hello")
BAD = {
    "nothing": b"",
    "garbage": b"\1garbage",
    "short header": record(b"x") + b"\0\0\0",
    "cut off": record(b"hello")[:-1],
    "garbage behind": record(b"hello") + b"garbage!",
    "another version": b"\1" + record(b"hello")[1:],
    "unknown scheme": record(b"hello", 3, stored=b"hello"),
    "as is, but longer": record(b"hello", 0, raw=4),
    "empty chunk": record(b""),
    "no data": record(b"hello", 1, stored=b""),
    "too long": record(bytes(xorb.MAX_CHUNK + 1), 1),
    "stored too long": record(b"x", stored=bytes(xorb.MAX_STORED_CHUNK + 1)),
    "bomb": record(b"", 1, stored=BOMB[: xorb.MAX_STORED_CHUNK], raw=xorb.MAX_CHUNK),
    "one byte too many": record(b"", 1, stored=HELLO, raw=4),
    "one byte too few": record(b"", 1, stored=HELLO, raw=6),
    "no frame": record(b"hello", 1, stored=b"hello"),
    "frame without end": record(b"hello", 1, stored=HELLO[:-4]),
    "bytes behind the frame": record(b"hello", 1, stored=HELLO + b"!"),
    "two frames": record(b"hellohello", 1, stored=HELLO + HELLO),
    "skippable frame": record(b"hello", 1, stored=b"\x50\x2a\x4d\x18\4\0\0\0abcd"),
    "too many chunks": record(b"x") * (xorb.MAX_CHUNKS + 1),
    "too many bytes": record(bytes(xorb.MAX_CHUNK), 1) * (xorb.MAX_RAW // xorb.MAX_CHUNK + 1),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_malformed_xorbs_are_refused(body):
    with pytest.raises(BadXorb):
        read(body, 1 << 20)


def test_a_bomb_is_never_unfolded(monkeypatch):
    assert len(BOMB) < xorb.MAX_STORED_CHUNK
    made = []
    real = lz4.frame.LZ4FrameDecompressor

    class Watched:
        def __init__(self):
            self.inner = real()

        def decompress(self, data, max_length):
            out = self.inner.decompress(data, max_length)
            made.append(len(out))
            return out

        def __getattr__(self, name):
            return getattr(self.inner, name)

    monkeypatch.setattr(lz4.frame, "LZ4FrameDecompressor", Watched)
    with pytest.raises(BadXorb):
        read(record(b"", 1, stored=BOMB, raw=1000))
    assert made == [1001]


_NAME, _BODY = make_xorb([random.Random(1).randbytes(300), bytes(400), b"abcd" * 50], 2)


@given(st.integers(0, len(_BODY) * 8 - 1))
def test_a_flipped_bit_is_refused_or_changes_the_hash(bit):
    body = bytearray(_BODY)
    body[bit // 8] ^= 1 << bit % 8
    try:
        data, index = read(bytes(body))
    except BadXorb:
        return
    # LZ4 frames have bits without a meaning: then the content is the same.
    assert (xorb.hash_of(index) == _NAME) == (b"".join(data) == b"".join(read(_BODY)[0]))


@given(st.binary(max_size=300))
def test_noise_is_refused_in_our_own_words(noise):
    with pytest.raises(BadXorb):
        read(b"\0" + noise[:200] + b"\1")


@given(st.integers(0, len(_BODY) - 1))
def test_a_truncated_xorb_is_refused_or_another_one(length):
    try:
        _, index = read(_BODY[:length])
    except BadXorb:
        return
    assert xorb.hash_of(index) != _NAME
