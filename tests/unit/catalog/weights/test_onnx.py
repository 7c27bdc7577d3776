import pytest

from hub.catalog.errors import BadWeights
from hub.catalog.weights import read_weights
from hub.catalog.weights.dtypes import ONNX_TYPES
from tests.unit.catalog.weights.made import field, onnx, onnx_tensor
from tests.unit.catalog.weights.reading import Watched, read

F32, F16 = 1, 10
WEIGHT = onnx_tensor("w", [2, 3], F32, b"\1" * 24)


def test_initializers_and_facts() -> None:
    packed = field(1, b"\2\3") + field(2, F16) + field(8, b"p") + field(9, b"\1" * 12)
    data = onnx(field(5, WEIGHT), field(5, packed))
    found = read(data, "onnx")
    assert [(t.name, t.dtype, t.shape, t.size) for t in found.tensors] == [
        ("w", "F32", (2, 3), 24),
        ("p", "F16", (2, 3), 12),
    ]
    assert data[found.tensors[0].start :][:24] == b"\1" * 24
    assert found.metadata == {"ir_version": "9", "producer_name": "hand", "opset ai.onnx": "17"}


def test_constants_and_branches_count_too() -> None:
    constant = field(2, b"out") + field(5, field(1, b"value") + field(5, onnx_tensor("", [2], F32, b"\1" * 8)))
    branch = field(5, WEIGHT) + field(5, WEIGHT)
    node = field(2, b"if") + field(5, field(1, b"then_branch") + field(6, branch))
    found = read(onnx(field(1, constant), field(1, node)), "onnx")
    assert [t.name for t in found.tensors] == ["out", "then_branch/w", "then_branch/w (2)"]


def test_weights_in_another_file_are_named() -> None:
    entries = field(13, field(1, b"location") + field(2, b"w.onnx_data")) + field(14, 1)
    found = read(onnx(field(5, onnx_tensor("w", [1 << 20, 1 << 10], F32, None) + entries)), "onnx")
    assert found.size == 1 << 32 and found.tensors[0].start is None
    assert found.metadata["external data"] == "w.onnx_data"


def test_the_bytes_of_tensors_are_stepped_over() -> None:
    data = onnx(*[field(5, onnx_tensor(f"w{number}", [500_000], F32, b"\1" * 2_000_000)) for number in range(4)])
    watched = Watched(data)
    assert read_weights("w.onnx", len(data), watched).parameters == {"F32": 2_000_000}
    assert sum(watched.lengths) < len(data) / 20


def nested(depth: int) -> bytes:
    graph = field(5, WEIGHT)
    for _ in range(depth):
        graph = field(1, field(5, field(6, graph)))
    return onnx(graph)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "no graph"),
        (b"\0" * 50, "no field of a message"),
        (field(1, 9), "no graph"),
        (b"\xff" * 50, "no number"),
        (b"\x0b", "no field of a message"),
        (b"\x3a\xff\xff\xff\xff\x7f", "no field of a message"),
        (onnx(field(5, WEIGHT))[:-1], "no field of a message"),
        (onnx(field(5, onnx_tensor("w", [3], F32, b"\1" * 8))), "takes 12 bytes by its shape, and has 8"),
        (onnx(field(5, onnx_tensor("w", [3], 99, b""))), "unknown type"),
        (onnx(field(5, onnx_tensor("w", [1 << 62], F32, None))), "more numbers than there are"),
        (onnx(field(5, onnx_tensor("w", [1 << 20], F32, None))), "no room for them"),
        (onnx(field(5, onnx_tensor("w" * 1001, [1], F32, b"1234"))), "name has 1,001 bytes"),
        (onnx(field(5, onnx_tensor("w", [1] * 65, F32, b"1234"))), "65 dimensions|64 dimensions"),
        (nested(40), "too deep"),
    ],
)
def test_refused(data: bytes, fault: str) -> None:
    with pytest.raises(BadWeights, match=fault):
        read(data, "onnx")


def test_the_same_as_the_reference_reader() -> None:
    reference = pytest.importorskip("onnx")
    numpy = pytest.importorskip("numpy")
    arrays = {"a": numpy.ones((3, 4), numpy.float32), "b": numpy.ones(5, numpy.int64), "c": numpy.ones((2, 2), "f2")}
    made = [reference.numpy_helper.from_array(array, name) for name, array in arrays.items()]
    typed = reference.helper.make_tensor("t", reference.TensorProto.FLOAT, [7], [1.0] * 7)
    graph = reference.helper.make_graph([], "g", [], [], initializer=[*made, typed])
    found = read(reference.helper.make_model(graph, producer_name="me").SerializeToString(), "onnx")
    assert [(t.name, t.shape, t.size) for t in found.tensors[:3]] == [
        (name, array.shape, array.nbytes) for name, array in arrays.items()
    ]
    assert found.parameters == {"F32": 19, "I64": 5, "F16": 4} and found.metadata["producer_name"] == "me"


def test_the_types_are_those_of_the_reference() -> None:
    reference = pytest.importorskip("onnx")
    assert set(reference.TensorProto.DataType.values()) - {0} <= set(ONNX_TYPES)
