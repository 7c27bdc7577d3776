"""Which files hold weights, by their names, and which of them belong together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SAFETENSORS, GGUF, ONNX = "safetensors", "gguf", "onnx"
READABLE = (SAFETENSORS, GGUF, ONNX)
PICKLE, OTHER = "pickle", "other"
_PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
_OTHERS = (".h5", ".keras", ".msgpack", ".tflite", ".npz", ".ot", ".pdparams", ".mlmodel", ".weights", ".ftz")
# What training leaves beside a model.
_BESIDE = re.compile(r"(training_args|optimizer|scheduler|rng_state|scaler)[^/]*$")
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_PART = re.compile(r"-(\d{5})-of-(\d{5})(?=\.\w+$)")


@dataclass(frozen=True)
class FileSet:
    """Files that make up one model together; `name` is the path of the first. `parts` is how many there should be."""

    name: str
    format: str
    paths: tuple[str, ...]
    parts: int


def format_of(path: str) -> str | None:
    """The format of a weights file; `pickle` and `other` have no reader. None for every other file."""
    name = path.lower()
    if ending := next((format_ for format_ in READABLE if name.endswith("." + format_)), None):
        return ending
    if _BESIDE.search(name):
        return None
    if name.endswith(_PICKLES) or (name.endswith(".bin") and "pytorch" in name) or name.endswith("adapter_model.bin"):
        return PICKLE
    return OTHER if name.endswith(_OTHERS) else None


def is_weights(path: str) -> bool:
    """Whether it is a weights file whose header can be read."""
    return format_of(path) in READABLE


def counted(paths: Iterable[str]) -> set[str]:
    """Which safetensors files make up the model, so that variants and parts aren't counted twice: `model.safetensors`
    or its shards in the top folder, else all that there are."""
    weights = {path for path in paths if format_of(path) == SAFETENSORS}
    if "model.safetensors" in weights:
        return {"model.safetensors"}
    return {path for path in weights if _SHARD.fullmatch(path)} or weights


def file_sets(paths: Iterable[str]) -> tuple[FileSet, ...]:
    """The readable weights files as models: what counts as the model first, then each other by its name."""
    of_format = {path: kind for path in sorted(paths) if (kind := format_of(path)) in READABLE}
    main = tuple(sorted(counted(of_format)))
    sets = [_set(SAFETENSORS, main)] if main else []
    groups: dict[tuple[str, str], list[str]] = {}
    for path, kind in of_format.items():
        if path not in main:
            groups.setdefault((str(kind), _PART.sub("", path)), []).append(path)
    order = sorted(groups, key=lambda group: (READABLE.index(group[0]), group[1]))
    return (*sets, *(_set(group[0], tuple(groups[group])) for group in order))


def _set(kind: str, paths: tuple[str, ...]) -> FileSet:
    part = _PART.search(paths[0])
    return FileSet(paths[0], kind, paths, int(part[2]) if part else len(paths))
