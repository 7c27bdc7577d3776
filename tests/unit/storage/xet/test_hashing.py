"""The vectors were checked against the reference client; its wheel is asked again for whole files."""

import random
from pathlib import Path

import hf_xet
import pytest

from hub.storage.xet.hashing import EMPTY, Merkle, chunk_hash, file_hash, from_text, keyed_hash, range_hash, to_text
from tests.unit.storage.xet.forms import SAMPLE, hash_of_file, make_xorb, nodes


def test_texts_reverse_each_group_of_eight_bytes():
    text = "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918"
    assert to_text(bytes(range(32))) == text
    assert from_text(text) == bytes(range(32))


@pytest.mark.parametrize("text", ["", "ab", "A" * 64, "g" * 64, "a" * 63 + "\n", "a" * 64 + "\n"])
def test_a_text_that_is_no_hash_is_refused(text):
    with pytest.raises(ValueError, match="64 lower-case hex"):
        from_text(text)


def test_chunk_hashes():
    hello = "4e39378b9d359f118190557a1f44130219a54e5fcfa07bd96cf50b466fe651b1"
    assert to_text(chunk_hash(b"hello world")) == hello
    assert to_text(chunk_hash(SAMPLE[0])) == "145f5e1efbbf517ab84c6e7f90b3185011cfac8aa88587f0208ba2e45cc22de1"


@pytest.mark.parametrize(
    ("count", "xorb", "file"),
    [
        (
            3,
            "76b41b94d9ffaaac76788c203da9c4947bdca209431baa748a440964f61358da",
            "11fb0a90e3a24afa54528b98ea41a1a11343935497b3a9fd288983aa70ccfec6",
        ),
        (
            10,
            "6f5dc1e245ace4691793418e3f860c230f50be59a465b8ef11a2099f1f26105f",
            "1642e511919fef9394403dcb55e77c1226503286b03c6b313ff81ed674923686",
        ),
        (
            20,
            "4426d1d1b8d6e90fe539f9b85aaf9108c11c4ccd78d834aaf71fbf23233e3317",
            "9b92a9a46a54f6e4e100d29db9141f15d22aada18d247bc738f62116f96a2777",
        ),
    ],
)
def test_trees_of_many_chunks(count, xorb, file):
    assert make_xorb(SAMPLE[:count])[0] == xorb
    assert hash_of_file(SAMPLE[:count]) == file


def test_a_single_chunk_gives_its_own_hash_to_the_xorb_but_not_to_the_file():
    assert make_xorb([b"hello world"])[0] == to_text(chunk_hash(b"hello world"))
    assert hash_of_file([b"hello world"]) == "f15edd43b7e85cfd25e2758ffe13b99fdd09dfa817e8d9f6548722a7a126db7f"


def test_an_empty_file_has_a_hash_of_zeros():
    assert file_hash(Merkle()) == EMPTY


def test_range_and_keyed_hashes():
    hashes = b"".join(node for node, _ in nodes(SAMPLE))
    expected = "da4fb6bdb622b4807e7b84d1f20080329a0c779a46d1923f458c62d83810a2f3"
    assert to_text(range_hash(hashes)) == expected
    keyed = keyed_hash(chunk_hash(SAMPLE[0]), bytes(range(1, 33)))
    assert to_text(keyed) == "07ddbe21f75cc6717f2ce4a7673c85a6ccd2a3d4242a5c3f2ae1c1243e42c2f0"


@pytest.mark.parametrize("size", [1, 8192])
def test_files_of_one_chunk_have_the_hash_that_the_client_computes(tmp_path: Path, size):
    data = random.Random(size).randbytes(size)
    path = tmp_path / "file"
    path.write_bytes(data)
    assert hf_xet.hash_files([str(path)])[0].hash == hash_of_file([data])
