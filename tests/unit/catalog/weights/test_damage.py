"""Whatever a file says of itself: it is read, or refused as `BadWeights`, with few and small reads."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.catalog.errors import BadWeights
from hub.catalog.weights import read_weights
from tests.unit.catalog.weights.made import (
    GGUF_LIST,
    GGUF_TEXT,
    field,
    gguf,
    gguf_key,
    gguf_text,
    onnx,
    onnx_tensor,
    safetensors,
)
from tests.unit.catalog.weights.reading import Watched

_WORDS = gguf_key("words", GGUF_LIST, struct.pack("<IQ", GGUF_TEXT, 12) + gguf_text("word") * 12)
_NODE = field(2, b"o") + field(5, field(1, b"then") + field(6, field(5, onnx_tensor("v", [2], 1, b"\1" * 8))))
GOOD = {
    "safetensors": safetensors({"a.b": ("F32", [2, 3], 24), "c": ("I8", [2], 2)}, format="pt"),
    "gguf": gguf([_WORDS, gguf_key("n", 4, b"\1\0\0\0")], [("a", [64], 8, 0), ("b", [2], 0, 96)], body=104),
    "onnx": onnx(field(5, onnx_tensor("w", [2, 3], 1, b"\1" * 24)), field(1, _NODE)),
}
_changes = st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=9), st.integers(0, 9)), min_size=1, max_size=4)


def attempt(data: bytes, format_: str) -> None:
    watched = Watched(data)
    try:
        found = read_weights(f"w.{format_}", len(data), watched)
    except BadWeights as error:
        assert error.message.startswith("w.") and error.detail["fault"]
    else:
        assert found.size >= 0 and sum(found.parameters.values()) >= 0
    assert len(watched.lengths) < 50


@pytest.mark.parametrize("format_", GOOD)
def test_the_good_ones_are_read(format_: str) -> None:
    assert read_weights(f"w.{format_}", len(GOOD[format_]), Watched(GOOD[format_])).tensors


@pytest.mark.parametrize("format_", GOOD)
@given(changes=_changes)
@settings(max_examples=300, deadline=None)
def test_changed_bytes(format_: str, changes: list[tuple[int, bytes, int]]) -> None:
    data = GOOD[format_]
    for at, put, gone in changes:
        data = data[:at] + put + data[at + gone :]
    attempt(data, format_)


@pytest.mark.parametrize("format_", GOOD)
def test_cut_off_anywhere(format_: str) -> None:
    for end in range(len(GOOD[format_])):
        with pytest.raises(BadWeights):
            read_weights(f"w.{format_}", end, Watched(GOOD[format_][:end]))


@pytest.mark.parametrize("format_", GOOD)
@given(data=st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_noise(format_: str, data: bytes) -> None:
    attempt(data, format_)
