"""The weights of a model: what they are, what memory they take, and their tensors as a tree."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.weights.dtypes import GGUF_TYPES, bits_of
from hub.web.pages import facts, links, memory, reading, repo, words
from hub.web.pages.links import Link
from hub.web.pages.module_rows import ModuleRow, module_rows
from hub.web.pages.revisions import Picker, picker

MAX_METADATA = 100
_FORMATS = {"safetensors": "safetensors", "gguf": "GGUF", "onnx": "ONNX", "pickle": "pickle", "other": "not known"}
_QUANTISED = {name for name, block, _ in GGUF_TYPES.values() if block > 1}


@dataclass(frozen=True)
class FileRow:
    path: str
    url: str
    format: str
    parameters: str
    tensors: str
    size: int
    fault: str
    is_shown: bool


@dataclass(frozen=True)
class WeightsPage:
    """`dtypes` are meters; `tree` has the rows of the module tree in the order of a page."""

    title: str
    banner: repo.Banner
    picker: Picker
    name: str
    format: str
    parameters: str
    exact_parameters: int
    dtypes: tuple[facts.Share, ...]
    tensors: str
    held: str
    files: tuple[FileRow, ...]
    notices: tuple[str, ...]
    needs: tuple[memory.NeedRow, ...]
    tasks: tuple[str, ...]
    gpus: tuple[memory.GpuRow, ...]
    assumptions: tuple[str, ...]
    metadata: tuple[tuple[str, str], ...]
    crumbs: tuple[Link, ...]
    tree: tuple[ModuleRow, ...]
    files_url: str


@dataclass(frozen=True)
class Choice:
    """What an address asks for beside the revision: a file (the first of several), a module, from which tensor."""

    file: str = ""
    module: str = ""
    start: int = 0


def build(viewer: Viewer, address: repo.Address, choice: Choice) -> WeightsPage:
    place = repo.find(viewer, address)
    reading.check(viewer, place.revision)
    parts = tuple(catalog.module_parts(choice.module)) if choice.module else ()
    view = catalog.weights_of(viewer, place.revision, name=choice.file, address=parts)
    here = _Address(place, choice.file if view.shown and view.shown.name == choice.file else "")
    whole = sum(view.parameters.values())
    return WeightsPage(
        title=f"Weights of {place.repo.full_name}",
        banner=repo.banner(place, "weights"),
        picker=picker(place, lambda name: links.weights_url(*place.at[:2], name)),
        name=_name(view),
        format=_FORMATS[view.shown.format] if view.shown else "",
        parameters=words.short(whole) if whole else "",
        exact_parameters=whole,
        dtypes=_dtypes(view.parameters, whole),
        tensors=words.plural(view.tensor_count, "tensor"),
        held=words.size(view.held),
        files=_files(view, here),
        notices=_notices(view),
        needs=memory.need_rows(view.needs),
        tasks=memory.tasks(view.needs),
        gpus=memory.gpu_rows(view.needs),
        assumptions=memory.assumptions(view) if view.needs else (),
        metadata=tuple(sorted(view.metadata.items())[:MAX_METADATA]),
        crumbs=_crumbs(here, parts),
        tree=module_rows(view.module, choice.start, here.module) if view.module.tensor_count else (),
        files_url=links.tree_url(*place.at),
    )


def evidence(viewer: Viewer, place: repo.Place, file_count: int, total: int) -> facts.Size:
    """Size, dtype and memory beside the card."""
    found = catalog.weights_summary(viewer, place.revision)
    url = links.weights_url(*place.at) if catalog.has_weights(place.revision) else ""
    said = "An adapter: the memory of its base model comes on top" if found and found.is_adapter else ""
    run = memory.evidence(found.run) if found else ""
    return facts.size(found.parameters if found else {}, file_count, total, memory=said or run, url=url)


@dataclass(frozen=True)
class _Address:
    """This page's own addresses, with the file that is shown in them."""

    place: repo.Place
    file: str

    def at(self, file: str = "", module: str = "", start: int = 0) -> str:
        return links.weights_url(*self.place.at, file=file, module=module, start=start)

    def module(self, address: tuple[str, ...], start: int = 0) -> str:
        return self.at(self.file, ".".join(address), start) + "#tensors"


def _name(view: Any) -> str:
    if view.shown is None:
        return ""
    count = len(view.shown.paths)
    return view.shown.name if count == 1 else f"{view.shown.name} and {words.plural(count - 1, 'more part')}"


def _dtypes(parameters: Any, whole: int) -> tuple[facts.Share, ...]:
    counts = sorted(parameters.items(), key=lambda item: -item[1])
    return tuple(facts.Share(_dtype(name), count, words.short(count)) for name, count in counts if count or not whole)


def _dtype(name: str) -> str:
    return f"{name}, {bits_of(name):.3g} bits each with its scales" if name in _QUANTISED else name


def _files(view: Any, here: _Address) -> tuple[FileRow, ...]:
    set_of = {path: each.name for each in view.sets for path in each.paths}
    shown = view.shown.paths if view.shown else ()
    rows = [(view.files[path], here.at(name)) for path, name in set_of.items()]
    return tuple(_file(file, url, shown) for file, url in [*rows, *((file, "") for file in view.unread)])


def _file(file: Any, url: str, shown: tuple[str, ...]) -> FileRow:
    return FileRow(
        path=file.path,
        url="" if file.fault else url,
        format=_FORMATS[file.format],
        parameters=words.short(sum(file.parameters.values())) if file.parameters else "",
        tensors="" if file.tensors is None else f"{file.tensors:,}",
        size=file.size,
        fault=file.fault,
        is_shown=file.path in shown,
    )


def _notices(view: Any) -> tuple[str, ...]:
    found = list(view.faults)
    if view.parts_missing > 0:
        found.append(f"{words.plural(view.parts_missing, 'part')} of this model are not in the repository.")
    if view.missing:
        names = words.listed(list(view.missing[:3]))
        found.append(f"The index names {words.plural(len(view.missing), 'tensor')} that no part has: {names}.")
    if view.is_adapter:
        found.append("This is an adapter: it runs on top of its base model, whose memory is shown on that one's page.")
    return tuple(found)


def _crumbs(here: _Address, parts: tuple[str, ...]) -> tuple[Link, ...]:
    if not parts:
        return ()
    steps = [Link(part or "(no name)", here.module(parts[: at + 1])) for at, part in enumerate(parts)]
    return (Link("All tensors", here.module(())), *steps)
