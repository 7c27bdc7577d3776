from hub.catalog.weights.diff import compare
from tests.unit.catalog.weights.made import safetensors
from tests.unit.catalog.weights.reading import Watched, read

OLD = {"same": ("F32", [2], 8), "gone": ("I8", [2], 2), "wider": ("F32", [2], 8), "cast": ("F32", [2], 8)}
NEW = {"same": ("F32", [2], 8), "new": ("I8", [2], 2), "wider": ("F32", [3], 12), "cast": ("F16", [2], 4)}


def diff(old: bytes, new: bytes, *, with_bytes: bool = True):
    readers = (Watched(old), Watched(new)) if with_bytes else None
    return compare("w", read(old, "safetensors"), read(new, "safetensors"), readers)


def test_added_removed_changed() -> None:
    found = diff(safetensors(OLD, v="1"), safetensors(NEW, v="2"))
    assert [(change.name, change.sort) for change in found.changes] == [
        ("cast", "changed"),
        ("gone", "removed"),
        ("new", "added"),
        ("wider", "changed"),
    ]
    assert found.alike == 1 and found.is_compared and found.metadata == (("v", "1", "2"),)


def test_other_numbers_in_the_same_shape() -> None:
    found = diff(safetensors(OLD), safetensors(OLD, fill=2))
    assert {change.sort for change in found.changes} == {"bytes"} and found.alike == 0


def test_without_bytes_nothing_is_said_of_them() -> None:
    found = diff(safetensors(OLD), safetensors(OLD, fill=2), with_bytes=False)
    assert found.changes == () and found.alike == 4 and not found.is_compared
