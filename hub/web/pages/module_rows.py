"""A tree of modules as the rows of a page: what fits is laid out, the rest is a link away."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from hub.web.pages import words
from hub.web.pages.links import Link

MAX_ROWS = 400
MAX_LEAVES = 100
Url = Callable[..., str]


@dataclass(frozen=True)
class LeafRow:
    name: str
    shape: str
    dtype: str
    parameters: int
    size: str


@dataclass(frozen=True)
class ModuleRow:
    """`open` begins a module and `close` ends it; `link` is one that isn't laid out; `tensors` is a list of tensors."""

    kind: Literal["open", "close", "link", "tensors"]
    label: str = ""
    alike: str = ""
    tensors: str = ""
    parameters: str = ""
    exact_parameters: int = 0
    size: str = ""
    url: str = ""
    is_open: bool = False
    leaves: tuple[LeafRow, ...] = ()
    more: Link | None = None


def module_rows(root: Any, start: int, url: Url) -> tuple[ModuleRow, ...]:
    """The rows of all below `root`, its own tensors from number `start` on; `url` makes a module's address."""
    laid_out = _laid_out(root)
    rows: list[ModuleRow] = []
    _tensors(rows, root, start, url)
    for module in root.modules:
        _module(rows, module, laid_out, url, is_open=len(root.modules) == 1)
    return tuple(rows)


def _laid_out(root: Any) -> set[int]:
    """The modules there is room for, those near the root first."""
    found, queue = set[int](), deque(root.modules)
    left = MAX_ROWS - len(root.modules)
    while queue:
        module = queue.popleft()
        left -= min(len(module.tensors), MAX_LEAVES) + len(module.modules)
        if left < 0:
            break
        found.add(id(module))
        queue.extend(module.modules)
    return found


def _module(rows: list[ModuleRow], module: Any, laid_out: set[int], url: Url, *, is_open: bool) -> None:
    is_here = id(module) in laid_out
    row = ModuleRow(
        kind="open" if is_here else "link",
        label=module.label or "(no name)",
        alike=f"{module.alike:,} alike" if module.alike > 1 else "",
        tensors=words.plural(module.tensor_count, "tensor"),
        parameters=words.short(module.parameters),
        exact_parameters=module.parameters,
        size=words.size(module.size),
        url="" if is_here else url(module.address),
        is_open=is_open,
    )
    rows.append(row)
    if not is_here:
        return
    _tensors(rows, module, 0, url)
    for below in module.modules:
        _module(rows, below, laid_out, url, is_open=is_open and len(module.modules) == 1)
    rows.append(ModuleRow("close"))


def _tensors(rows: list[ModuleRow], module: Any, start: int, url: Url) -> None:
    shown = module.tensors[start : start + MAX_LEAVES]
    if not shown:
        return
    left = len(module.tensors) - start - len(shown)
    more = Link(f"{left:,} more here", url(module.address, start + MAX_LEAVES)) if left else None
    label = f"Tensors of {'.'.join(module.address)}" if module.address else "Tensors of no module"
    label += " and of those alike" if module.alike > 1 else ""
    rows.append(ModuleRow("tensors", label=label, leaves=tuple(_leaf(leaf) for leaf in shown), more=more))


def _leaf(leaf: Any) -> LeafRow:
    tensor = leaf.tensor
    shape = " × ".join(f"{count:,}" for count in tensor.shape) or "one number"
    return LeafRow(leaf.label or "(no name)", shape, tensor.dtype, tensor.parameters, words.size(tensor.size))
