"""What the tests of this room share."""

import json
from collections.abc import Iterator

import pytest

from hub.catalog import trees
from hub.catalog.selectors import rules


@pytest.fixture(autouse=True)
def cold() -> Iterator[None]:
    """Each test starts as a process does: nothing parsed yet."""
    trees.cache.clear()
    rules._text.cache_clear()
    yield
    trees.cache.clear()
    rules._text.cache_clear()


@pytest.fixture
def weights() -> bytes:
    """A safetensors file of six numbers of F32 and two of I8."""
    return safetensors({"a": ("F32", [2, 3], 24), "b": ("I8", [2], 2)})


def safetensors(tensors: dict[str, tuple[str, list[int], int]]) -> bytes:
    header, end = {}, 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + b"\1" * end
