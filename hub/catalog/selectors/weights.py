"""The weights of a revision: which files, how many numbers of which kind, as a tree, and the memory they take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hub.accounts.viewer import Viewer
from hub.catalog.models import RepoKind
from hub.catalog.permissions import check_read, check_read_content
from hub.catalog.selectors.headers import details_of, header_of, json_at
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import Entry, entry_at, files
from hub.catalog.weights import GGUF, SAFETENSORS, Detail, Tensor, Weights
from hub.catalog.weights.dtypes import bits_of
from hub.catalog.weights.formats import PICKLE, READABLE, FileSet, file_sets, format_of
from hub.catalog.weights.memory import Need, lora_parameters, needs, running
from hub.catalog.weights.shape import Shape, shape_from, shape_of_config, shape_of_gguf
from hub.catalog.weights.tree import Module, module_tree
from hub.core.errors import HubError
from hub.core.kept import Kept
from hub.core.text import storable

_INDEX = "model.safetensors.index.json"
_ADAPTER = "adapter_config.json"
_CONFIG = "config.json"
_trees: Kept[tuple, Module] = Kept(limit=100_000)
_shapes: Kept[str, tuple[Shape | None]] = Kept(limit=10_000)


@dataclass(frozen=True)
class WeightsFile:
    """`parameters` counts numbers by dtype; `held` are the bytes of the tensors; `fault` says why it can't be read.

    `tensors` is None where it wasn't counted when the file was pushed.
    """

    path: str
    size: int
    format: str
    tensors: int | None
    parameters: Mapping[str, int]
    held: int
    fault: str


@dataclass(frozen=True)
class Summary:
    """What is known of a model's weights without reading a header. `run` is None for an adapter: its base runs."""

    format: str
    parameters: Mapping[str, int]
    held: int
    is_adapter: bool
    run: Need | None


@dataclass(frozen=True)
class WeightsView:
    """All weights of a revision, and one set of them looked into.

    `unread` are files whose format has no reader here. `faults` are the reasons why files of the set can't be read,
    `missing` the names that the index of shards has and the shards don't, `parts_missing` how many files aren't there.
    """

    sets: tuple[FileSet, ...]
    files: Mapping[str, WeightsFile]
    unread: tuple[WeightsFile, ...]
    shown: FileSet | None
    faults: tuple[str, ...]
    parameters: Mapping[str, int]
    tensor_count: int
    held: int
    metadata: Mapping[str, str]
    missing: tuple[str, ...]
    parts_missing: int
    is_adapter: bool
    shape: Shape | None
    needs: tuple[Need, ...]
    module: Module


def has_weights(at: Revision) -> bool:
    """Whether there is a weights file, of any format; no query where this process has seen the tree."""
    return at.repo.kind == RepoKind.MODEL and _has_weights(at.tree)


@lru_cache(maxsize=10_000)
def _has_weights(tree: str) -> bool:
    return any(format_of(path) for path, _ in files(tree))


def weights_summary(viewer: Viewer, at: Revision) -> Summary | None:
    """Of what counts as the model; None where nothing could be read. What pushes noted is enough for it."""
    check_read(viewer, at.repo)
    entries = _entries(at)
    chosen = next(iter(file_sets(entries)), None)
    if chosen is None:
        return None
    known = _details({path: entries[path] for path in chosen.paths})
    details = [detail for detail in known.values() if not detail.get("fault")]
    parameters = _added(detail["parameters"] for detail in details)
    if not parameters:
        return None
    held, is_adapter = sum(map(_held, details)), entry_at(at.tree, _ADAPTER) is not None
    shape = shape_from(details[0].get("shape")) if chosen.format == GGUF else _shape_at(at)
    return Summary(chosen.format, parameters, held, is_adapter, None if is_adapter else running(held, shape))


def weights_of(viewer: Viewer, at: Revision, *, name: str = "", address: tuple[str, ...] = ()) -> WeightsView:
    """`name` chooses a set (the model itself without one, or when there is no such set), `address` a module in it.

    Raises `GatedRepo` or `RepoDisabled` where the viewer may not read files. Headers that this process has read before
    are not read again.
    """
    check_read_content(viewer, at.repo)
    entries = _entries(at)
    sets = file_sets(entries)
    chosen = next((each for each in sets if each.name == name), next(iter(sets), None))
    details = _details(entries)
    found, faults = _headers(chosen, entries)
    tensors = [tensor for weights in found for tensor in weights.tensors]
    parameters = _added(weights.parameters for weights in found)
    held, shape = sum(weights.size for weights in found), _shape(at, chosen, found)
    is_adapter = entry_at(at.tree, _ADAPTER) is not None
    keys = tuple(entries[path].oid for path in chosen.paths) if chosen else ()
    return WeightsView(
        sets=sets,
        files={path: _file(path, entries[path], details[path]) for path in details},
        unread=tuple(_file(path, entry, Detail()) for path, entry in entries.items() if path not in details),
        shown=chosen,
        faults=tuple(faults),
        parameters=parameters,
        tensor_count=len(tensors),
        held=held,
        metadata={key: value for weights in found for key, value in weights.metadata.items()},
        missing=_missing(at, chosen, tensors),
        parts_missing=chosen.parts - len(chosen.paths) if chosen else 0,
        is_adapter=is_adapter,
        shape=shape,
        needs=() if is_adapter or not tensors else _needs(parameters, held, tensors, shape),
        module=_tree(keys, tensors, address),
    )


def _entries(at: Revision) -> dict[str, Entry]:
    """The weights files of a model by path; data sets have none."""
    if at.repo.kind != RepoKind.MODEL or not _has_weights(at.tree):
        return {}
    return {path: entry for path, entry in files(at.tree) if format_of(path)}


def _details(entries: Mapping[str, Entry]) -> dict[str, Detail]:
    found: dict[str, Detail] = {}
    readable = {path: entry for path, entry in entries.items() if format_of(path) in READABLE}
    try:
        return details_of(readable)
    except HubError:
        for path, entry in readable.items():
            found |= _detail_or_fault(path, entry)
    return found


def _detail_or_fault(path: str, entry: Entry) -> dict[str, Detail]:
    try:
        return details_of({path: entry})
    except HubError as error:
        return {path: Detail(format=str(format_of(path)), fault=error.detail.get("fault", error.message))}


def _headers(chosen: FileSet | None, entries: Mapping[str, Entry]) -> tuple[list[Weights], list[str]]:
    found, faults = [], []
    for path in chosen.paths if chosen else ():
        try:
            found.append(header_of(path, entries[path]))
        except HubError as error:
            faults.append(error.message)
    return found, faults


def _file(path: str, entry: Entry, detail: Detail) -> WeightsFile:
    kind = str(format_of(path))
    fault = detail.get("fault", "") or _NO_READER.get(kind, "")
    parameters = detail.get("parameters", {})
    return WeightsFile(path, entry.size, kind, detail.get("tensors"), parameters, _held(detail), fault)


_NO_READER = {
    PICKLE: "a pickle: it can't be read without running the code in it, which this hub never does",
    "other": "of a format whose headers this hub doesn't read",
}


def _held(detail: Detail) -> int:
    counted = (count * bits_of(dtype) / 8 for dtype, count in detail.get("parameters", {}).items())
    return detail["bytes"] if "bytes" in detail else int(sum(counted))


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for dtype, count in each.items():
            total[dtype] = total.get(dtype, 0) + count
    return total


def _missing(at: Revision, chosen: FileSet | None, tensors: list[Tensor]) -> tuple[str, ...]:
    """Names that the index of the shards promises and no shard has."""
    if chosen is None or chosen.format != SAFETENSORS or chosen.parts == 1:
        return ()
    index = json_at(entry_at(at.tree, _INDEX))
    named = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(named, dict):
        return ()
    return tuple(sorted({storable(name) for name in named} - {tensor.name for tensor in tensors}))


def _shape(at: Revision, chosen: FileSet | None, found: list[Weights]) -> Shape | None:
    if chosen and chosen.format == GGUF:
        return shape_of_gguf(found[0].metadata) if found else None
    return _shape_at(at)


def _shape_at(at: Revision) -> Shape | None:
    entry = entry_at(at.tree, _CONFIG)
    if entry is None or entry.is_tree:
        return None
    if (kept := _shapes.get(entry.oid)) is None:
        kept = (shape_of_config(json_at(entry)),)
        _shapes.put(entry.oid, kept, 1)
    return kept[0]


def _needs(parameters: Mapping[str, int], held: int, tensors: list[Tensor], shape: Shape | None) -> tuple[Need, ...]:
    return needs(parameters=sum(parameters.values()), stored=held, lora=lora_parameters(tensors), shape=shape)


def _tree(keys: tuple[str, ...], tensors: list[Tensor], address: tuple[str, ...]) -> Module:
    key = (*keys, "", *address)
    if (tree := _trees.get(key)) is None:
        tree = module_tree(tensors, address)
        _trees.put(key, tree, len(tensors) + 1)
    return tree
