import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.storage.backends import xorb_key
from hub.storage.errors import BytesDamaged
from hub.storage.models import XetFile
from hub.storage.services.xet import rebuild, rebuilding
from tests.unit.storage.xet.forms import FileEntry, make_shard, make_xorb

_RANDOM = random.Random(7)
CHUNKS = [_RANDOM.randbytes(_RANDOM.randrange(2, 90)) for _ in range(60)]
RUNS = [(CHUNKS, 0, 33), (CHUNKS, 40, 41), (CHUNKS, 5, 60)]
DATA = b"".join(FileEntry(RUNS).chunks)


@pytest.fixture
def xet_file(transactional_db, scope, push_xorb, push_shard) -> XetFile:
    push_xorb(scope, CHUNKS)
    push_shard(scope, make_shard([FileEntry(RUNS)]))
    return XetFile.objects.get()


def test_a_file_is_rebuilt(xet_file):
    assert b"".join(rebuild(xet_file)) == DATA
    assert b"".join(rebuild(xet_file, len(DATA))) == b""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(start=st.integers(0, len(DATA)), length=st.integers(0, len(DATA)))
def test_any_range_of_it_is_rebuilt(xet_file, start, length):
    assert b"".join(rebuild(xet_file, start, min(length, len(DATA) - start))) == DATA[start : start + length]


def test_a_range_reads_only_the_chunks_it_needs(xet_file, monkeypatch):
    decoded = []
    real = rebuilding.chunk_hash
    monkeypatch.setattr(rebuilding, "chunk_hash", lambda data: decoded.append(data) or real(data))
    at = len(b"".join(CHUNKS[:33])) + len(CHUNKS[40]) + len(CHUNKS[5]) + 1
    assert b"".join(rebuild(xet_file, at, 1)) == CHUNKS[6][1:2]
    assert decoded == [CHUNKS[6]]


def test_damage_is_noticed_before_a_wrong_byte_leaves(xet_file, storage_dir):
    path = storage_dir / xorb_key(make_xorb(CHUNKS)[0])
    body = path.read_bytes()
    records = body[: len(body) // 2]
    path.write_bytes(records + bytes([body[len(records)] ^ 1]) + body[len(records) + 1 :])
    with pytest.raises(BytesDamaged):
        b"".join(rebuild(xet_file))
    path.unlink()
    with pytest.raises(BytesDamaged):
        b"".join(rebuild(xet_file))
