import json

import pytest

from hub.catalog.errors import BadWeights
from hub.catalog.weights import read_weights


def read(data: bytes):
    return read_weights("w.safetensors", len(data), lambda start, length: data[start : start + length])


def made(header: object, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def one(**changes: object) -> dict[str, object]:
    return {"t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} | changes}


def test_parameters_by_dtype(weights: bytes) -> None:
    assert read(weights).parameters == {"F32": 6, "I8": 2}


def test_the_same_as_the_reference_reader(tmp_path) -> None:
    numpy = pytest.importorskip("numpy")
    save = pytest.importorskip("safetensors.numpy").save
    data = save({"a": numpy.ones((3, 4), "f2"), "b.c": numpy.zeros(0, "i8")}, metadata={"format": "np"})
    found = {tensor.name: tensor for tensor in read(data).tensors}
    assert (found["a"].dtype, found["a"].shape, found["a"].size) == ("F16", (3, 4), 24)
    assert data[found["a"].start :][:24] == numpy.ones((3, 4), "f2").tobytes()
    assert found["b.c"].shape == (0,) and found["b.c"].parameters == 0


def test_metadata_and_scalars() -> None:
    found = read(made({"__metadata__": {"format": "pt"}} | one(shape=[]), b"1234"))
    assert found.parameters == {"F32": 1} and found.metadata == {"format": "pt"}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"1234567", "7 bytes"),
        ((1 << 60).to_bytes(8, "little"), "announces"),
        (made(b"[]"), "doesn't start"),
        (made(b"{"), "not JSON"),
        (made(b'{"a":1,"a":2}'), "occurs twice"),
        (made(b'{"a":NaN}'), "NaN"),
        (made(b'{"a":' * 100_000), "not JSON"),
        (made({"__metadata__": {"a": 1}}), "__metadata__"),
        (made({"t": {"dtype": "F32"}}), "must have dtype"),
        (made(one(dtype="F33"), b"1234"), "unknown dtype"),
        (made(one(dtype=[]), b"1234"), "unknown dtype"),
        (made(one(shape=[-1]), b"1234"), "whole numbers"),
        (made(one(shape=[True]), b"1234"), "whole numbers"),
        (made(one(shape=[2]), b"1234"), "doesn't fill"),
        (made(one(), b"12345"), "the file has 5"),
        (made(one(), b"123"), "the file has 3"),
        (made(one(data_offsets=[4, 8]), b"12345678"), "hole or overlap"),
        (made({"x" * 1001: {}}), "1,001 letters"),
        (made(b'{"\\ud800":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}'), "half a character"),
        (made(b'{"a":[' + b"[]," * 400_001 + b"[]]}"), "more than 100,000 tensors"),
    ],
)
def test_refused(data: bytes, fault: str) -> None:
    with pytest.raises(BadWeights, match=fault):
        read(data)
