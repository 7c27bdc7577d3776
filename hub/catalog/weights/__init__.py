"""What a weights file says of itself: read from its header alone, by range reads, never by running anything."""

from collections.abc import Callable

from hub.catalog.errors import BadWeights
from hub.catalog.weights.formats import GGUF, ONNX, SAFETENSORS, counted, file_sets, format_of, is_weights
from hub.catalog.weights.gguf import read_gguf
from hub.catalog.weights.header import Detail, Read, Tensor, Weights
from hub.catalog.weights.onnx import read_onnx
from hub.catalog.weights.safetensors import read_safetensors
from hub.catalog.weights.shape import shape_of_gguf

__all__ = [
    "GGUF",
    "ONNX",
    "SAFETENSORS",
    "Detail",
    "Read",
    "Tensor",
    "Weights",
    "counted",
    "detail_of",
    "file_sets",
    "format_of",
    "is_weights",
    "read_weights",
]

_READERS: dict[str, Callable[[str, int, Read], Weights]] = {
    SAFETENSORS: read_safetensors,
    GGUF: read_gguf,
    ONNX: read_onnx,
}


def read_weights(path: str, size: int, read: Read) -> Weights:
    """The header of a file of `size` bytes whose format (`format_of`) has a reader; `read(start, length)` gives bytes.

    What is read is bounded, whatever the file says of itself. Raises `BadWeights` naming the file and the fault.
    """
    return _READERS[str(format_of(path))](path, size, read)


def detail_of(path: str, size: int, read: Read) -> Detail | None:
    """What to keep of a weights file (None of any other). Raises `BadWeights` for safetensors alone: other formats have
    readers that take more than this one does, so a header that it can't read is no reason to refuse the file."""
    if not is_weights(path):
        return None
    kind = str(format_of(path))
    try:
        weights = read_weights(path, size, read)
    except BadWeights as error:
        if kind == SAFETENSORS:
            raise
        return Detail(format=kind, fault=error.detail["fault"])
    return summed(kind, weights)


def summed(kind: str, weights: Weights) -> Detail:
    detail = Detail(format=kind, parameters=weights.parameters, tensors=len(weights.tensors), bytes=weights.size)
    if kind == GGUF and (shape := shape_of_gguf(weights.metadata)):
        detail["shape"] = shape.as_dict()
    return detail
