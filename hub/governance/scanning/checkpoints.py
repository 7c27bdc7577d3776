"""What torch saves: a zip with one pickle and raw tensors, or the older row of pickles with raw tensors behind it."""

from typing import Any

from hub.governance.scanning.allowed import STORAGES
from hub.governance.scanning.archives import Zip
from hub.governance.scanning.findings import SUSPICIOUS, UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.limits import MAX_PICKLE
from hub.governance.scanning.opcodes import Stream
from hub.governance.scanning.pickles import Pickle, walk, walk_all
from hub.governance.scanning.source import Source
from hub.governance.scanning.values import Named

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
# What stands beside the pickle and the tensors; texts of a few bytes, that nothing interprets.
_NOTES = ("version", "byteorder", ".format_version", ".storage_alignment", ".data/serialization_id")
_CODE = ("code/", "constants.pkl", "constants/", "extra/", "tensors/")
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

    def __call__(self, value: Any) -> None:
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


def is_checkpoint(archive: Zip) -> bool:
    return any(name.count("/") == 1 and name.endswith("/data.pkl") for name in archive.members) or (
        "data.pkl" in archive.members
    )


def scan_zip(archive: Zip, found: Findings) -> None:
    """Everything in it must be the pickle, a tensor that the pickle asks for, or a known note."""
    found.form = "torch"
    roots = {name.partition("/")[0] for name in archive.members}
    root = roots.pop() if len(roots) == 1 else ""
    if not root or f"{root}/data.pkl" not in archive.members:
        raise NotUnderstood("a checkpoint has more than one folder in it")
    names = {name.removeprefix(root + "/"): name for name in archive.members}
    if any(name.startswith(_CODE) for name in names):
        _script(archive, names, found)
        return
    storages = Storages()
    _walk(archive, names["data.pkl"], found, storages)
    for name in names:
        if name.startswith("data/") and name.removeprefix("data/") in storages.sizes:
            continue
        if name != "data.pkl" and name not in _NOTES:
            found.add(UNSUPPORTED, f"a checkpoint has {name[:80]}, which its pickle doesn't ask for")
    if missing := [key for key in storages.sizes if f"data/{key}" not in names]:
        found.add(UNSUPPORTED, f"a checkpoint lacks the tensor {missing[0][:40]} that its pickle asks for")


def _walk(archive: Zip, name: str, found: Findings, storages: Storages) -> list[Pickle]:
    source = archive.open(name, MAX_PICKLE)
    pickles = walk_all(Stream(source), found, storages)
    if len(pickles) != 1:
        raise NotUnderstood("a checkpoint's pickle is followed by another")
    return pickles


def _script(archive: Zip, names: dict[str, str], found: Findings) -> None:
    """TorchScript brings a program of its own. Its pickles are read for what has no place in any checkpoint."""
    found.form, found.is_code = "torchscript", True
    found.add(SUSPICIOUS, "it is a TorchScript program: to load it is to run it")
    for name in ("data.pkl", "constants.pkl"):
        if name in names:
            inner = Findings()
            try:
                _walk(archive, names[name], inner, Storages())
            except NotUnderstood as error:
                inner.add(error.verdict, error.reason)
            if inner.verdict == "malicious":
                found.take(inner, name)


def is_legacy(source: Source) -> bool:
    """Whether it begins with the pickled magic number of torch, written as torch writes it."""
    number = _MAGIC.to_bytes(10, "little")
    return any(
        source.head(4 + 10 + 1).startswith(b"\x80" + bytes([protocol]) + b"\x8a\x0a" + number)
        for protocol in (2, 3, 4, 5)
    )


def scan_legacy(source: Source, found: Findings) -> None:
    """Magic number, protocol, system, the object, keys of the storages; then each storage: its length and its bytes."""
    found.form = "torch-legacy"
    stream, storages = Stream(source), Storages()
    magic, protocol, system = (walk(stream, found) for _ in range(3))
    if magic.value != _MAGIC or protocol.value != _PROTOCOL:
        raise NotUnderstood("an old checkpoint doesn't begin with its magic numbers")
    walk(stream, found, storages)
    keys = walk(stream, found)
    if magic.names or protocol.names or system.names or keys.names:
        found.add(UNSUPPORTED, "an old checkpoint names something beside its object")
    rest = sum(8 + size for size in storages.sizes.values())
    if source.size - stream.at != rest:
        raise NotUnderstood("an old checkpoint has other bytes behind its pickles than its tensors")
