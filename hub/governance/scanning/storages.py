"""The storages of a checkpoint: what its pickle asks for beside itself."""

from typing import Any

from hub.governance.scanning.allowed import STORAGES
from hub.governance.scanning.findings import NotUnderstood
from hub.governance.scanning.values import Named, Stored

_SIZES = {
    **dict.fromkeys(("ComplexDouble",), 16),
    **dict.fromkeys(("Double", "Long", "ComplexFloat"), 8),
    **dict.fromkeys(("Float", "Int", "QInt32"), 4),
    **dict.fromkeys(("Half", "BFloat16", "Short"), 2),
}


class Storages:
    """The storages that a checkpoint's pickle asks for, by key: how many bytes each has."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def __call__(self, value: Any) -> Stored:
        """A persistent id. Raises `NotUnderstood` unless it is the one of a storage."""
        if not isinstance(value, tuple) or len(value) not in (5, 6) or value[0] != "storage":
            raise NotUnderstood("a checkpoint has a persistent id that names no storage")
        sort, key, place, count = value[1:5]
        if not isinstance(sort, Named) or sort.pair not in STORAGES:
            raise NotUnderstood("a checkpoint keeps numbers in something that is no storage")
        if type(key) is not str or type(place) is not str or type(count) is not int or count < 0:
            raise NotUnderstood("a checkpoint has a storage without key, place and length")
        size = count * _SIZES.get(sort.pair[1].removesuffix("Storage"), 1)
        if self.sizes.setdefault(key, size) != size:
            raise NotUnderstood("a checkpoint has two lengths for one storage")
        return Stored(count)
