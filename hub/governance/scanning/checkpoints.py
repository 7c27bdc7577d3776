"""What torch saves: a zip with one pickle and raw tensors, or the older row of pickles with raw tensors behind it."""

from hub.governance.scanning.archives import Zip
from hub.governance.scanning.findings import SUSPICIOUS, UNSUPPORTED, Findings, NotUnderstood
from hub.governance.scanning.limits import MAX_PICKLE
from hub.governance.scanning.opcodes import Stream
from hub.governance.scanning.pickles import Pickle, walk_all
from hub.governance.scanning.storages import Storages

# What stands beside the pickle and the tensors; texts of a few bytes, that nothing interprets.
_NOTES = ("version", "byteorder", ".format_version", ".storage_alignment", ".data/serialization_id")
_CODE = ("code/", "constants.pkl", "constants/", "extra/", "tensors/")


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
    for key, size in storages.sizes.items():
        kept = names.get(f"data/{key}")
        if kept is None or archive.members[kept].file_size != size:
            found.add(
                UNSUPPORTED, f"a checkpoint lacks the tensor {key[:40]} of {size:,} bytes that its pickle asks for"
            )
            return


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
