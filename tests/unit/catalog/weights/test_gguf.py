import struct

import pytest

from hub.catalog.errors import BadWeights
from hub.catalog.weights.dtypes import BITS, GGUF_TYPES, bits_of
from tests.unit.catalog.weights.made import GGUF_LIST, GGUF_TEXT, GGUF_U32, gguf, gguf_key, gguf_text
from tests.unit.catalog.weights.reading import Watched, read

Q8_0, F32 = 8, 0
LIST = struct.pack("<IQ", GGUF_LIST, 1)


def test_tensors_and_metadata() -> None:
    words = struct.pack("<IQ", GGUF_TEXT, 9) + b"".join(gguf_text(f"w{number}") for number in range(9))
    keys = [
        gguf_key("general.architecture", GGUF_TEXT, gguf_text("llama")),
        gguf_key("llama.block_count", GGUF_U32, struct.pack("<I", 2)),
        gguf_key("words", GGUF_LIST, words),
        gguf_key("yes", 7, b"\1"),
        gguf_key("half", 6, struct.pack("<f", 0.5)),
    ]
    data = gguf(keys, [("a", [64, 3], Q8_0, 0), ("b", [2], F32, 224)], version=2, body=232)
    found = read(data, "gguf")
    assert [(t.name, t.dtype, t.shape, t.size) for t in found.tensors] == [
        ("a", "Q8_0", (3, 64), 204),
        ("b", "F32", (2,), 8),
    ]
    assert found.parameters == {"Q8_0": 192, "F32": 2} and found.size == 212
    assert data[found.tensors[0].start :] == b"\1" * 232
    words_told = "[w0, w1, w2, w3, w4, w5, w6, w7, … (9 in all)]"
    told = {"general.architecture": "llama", "llama.block_count": "2", "words": words_told, "yes": "true"}
    assert found.metadata == told | {"half": "0.5"}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"GGUX" + b"\0" * 20, "doesn't start"),
        (b"GG", "ends after 2 bytes"),
        (gguf(version=1), "version 1"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "version 50,331,648"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "announces 1,152,921,504,606,846,976 tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "1,152,921,504,606,846,976 keys"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0), "inside of its header"),
        (gguf([gguf_key("a" * 1001, 7, b"\0")]), "a key of the metadata has 1,001 bytes"),
        (gguf([gguf_key("a", 7, b"\0")] * 2), "occurs twice"),
        (gguf([gguf_key("a", 99, b"")]), "unknown type 99"),
        (gguf([gguf_key("a", GGUF_TEXT, struct.pack("<Q", 1 << 62))]), "announces"),
        (
            gguf([gguf_key("a", GGUF_LIST, struct.pack("<IQ", GGUF_TEXT, 1 << 62) + b"\0" * 64)]),
            "more than it has room",
        ),
        (gguf([gguf_key("a", GGUF_LIST, struct.pack("<IQ", 0, 1 << 62) + b"\0" * 64)]), "announces"),
        (gguf([gguf_key("a", GGUF_LIST, LIST * 9 + b"\0" * 64)]), "lists within lists"),
        (gguf([gguf_key("general.alignment", GGUF_U32, struct.pack("<I", 33))]), "alignment of 33"),
        (gguf(tensors=[("a", [1] * 9, F32, 0)], body=4), "9 dimensions"),
        (gguf(tensors=[("a", [1], 4, 0)], body=4), "unknown type 4"),
        (gguf(tensors=[("a", [33], Q8_0, 0)], body=99), "whole number of blocks"),
        (gguf(tensors=[("a", [1 << 63] * 8, F32, 0)], body=4), "lies outside"),
        (gguf(tensors=[("a", [1], F32, 4)], body=8), "alignment wants it"),
        (gguf(tensors=[("a", [1], F32, 0)], body=3), "lies outside"),
        (gguf(tensors=[("a", [1], F32, 0)] * 2, body=4), "same name"),
        (gguf(tensors=[("a", [9], F32, 0), ("b", [1], F32, 32)], body=64), "overlap"),
    ],
)
def test_refused(data: bytes, fault: str) -> None:
    with pytest.raises(BadWeights, match=fault):
        read(data, "gguf")


def test_a_long_text_is_cut_and_its_rest_not_read() -> None:
    data = gguf([gguf_key("long", GGUF_TEXT, gguf_text("x" * 5_000_000)), gguf_key("z", 7, b"\1")])
    watched = Watched(data)
    from hub.catalog.weights import read_weights

    found = read_weights("w.gguf", len(data), watched)
    assert found.metadata["long"] == "x" * 2_000 + "…" and found.metadata["z"] == "true"
    assert sum(watched.lengths) < 200_000


def test_the_types_are_those_of_the_reference() -> None:
    reference = pytest.importorskip("gguf")
    theirs = {kind.value: (kind.name, *sizes) for kind, sizes in reference.GGML_QUANT_SIZES.items()}
    assert theirs.items() <= GGUF_TYPES.items()
    assert bits_of("Q4_0") == 4.5 and bits_of("F16") == BITS["F16"] == 16


def test_the_same_as_the_reference_reader(tmp_path) -> None:
    reference = pytest.importorskip("gguf")
    numpy = pytest.importorskip("numpy")
    path = tmp_path / "w.gguf"
    writer = reference.GGUFWriter(path, "llama")
    writer.add_block_count(3)
    writer.add_token_list([f"word {number}" for number in range(70_000)])
    writer.add_tensor("one", numpy.ones((4, 64), numpy.float32))
    blocks = reference.quantize(numpy.ones((8, 64), numpy.float32), reference.GGMLQuantizationType.Q8_0)
    writer.add_tensor("two", blocks, raw_dtype=reference.GGMLQuantizationType.Q8_0)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    found = read(path.read_bytes(), "gguf")
    theirs = reference.GGUFReader(path).tensors
    expected = [(t.name, t.tensor_type.name, tuple(map(int, t.shape))[::-1], t.n_bytes, t.data_offset) for t in theirs]
    assert [(t.name, t.dtype, t.shape, t.size, t.start) for t in found.tensors] == expected
    assert found.metadata["llama.block_count"] == "3" and "70,000 in all" in found.metadata["tokenizer.ggml.tokens"]
