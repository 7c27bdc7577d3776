"""Tensors as the modules that their names spell, with alike layers folded into one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from hub.catalog.weights.header import Tensor

_SEPARATORS = re.compile(r"[./]")
_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})")
# Names are cut into this many parts at most, however hostile.
_MAX_DEPTH = 12
# A module without parts of its own and with as few tensors stands in its parent's list.
_FEW = 4
_MAX_RANGES = 6


@dataclass(frozen=True, slots=True)
class Leaf:
    """`label` is the tensor's name within its module."""

    label: str
    tensor: Tensor


@dataclass(frozen=True, slots=True)
class Module:
    """`address` are the parts of its name (of the first of them, where it stands for several that are `alike`).

    `tensors` and `modules` are those of one; the counts are of all alike together, `size` in bytes.
    """

    label: str
    address: tuple[str, ...]
    alike: int
    tensors: tuple[Leaf, ...]
    modules: tuple["Module", ...]
    tensor_count: int
    parameters: int
    size: int
    key: int


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    tensors: list[Leaf] = field(default_factory=list)


def parts_of(name: str) -> list[str]:
    return _SEPARATORS.split(name, maxsplit=_MAX_DEPTH - 1)


def module_tree(tensors: Iterable[Tensor], address: tuple[str, ...] = ()) -> Module:
    """The module at that address with all below it; without one, all there is."""
    root, start = _Node(), len(address)
    for tensor in tensors:
        parts = parts_of(tensor.name)
        if tuple(parts[:start]) != address:
            continue
        node = root
        for part in parts[start:-1]:
            node = node.children.setdefault(part, _Node())
        if len(parts) > start:
            node.tensors.append(Leaf(parts[-1], tensor))
    return _Folding().module(root, address[-1] if address else "", address)


def ranges(numbers: list[int]) -> str:
    """`0–3, 5`; cut where it gets long."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return ", ".join(texts[:_MAX_RANGES]) + (" …" if len(texts) > _MAX_RANGES else "")


class _Folding:
    """Equal modules get equal keys, by which siblings are found to be alike."""

    def __init__(self) -> None:
        self._keys: dict[tuple, int] = {}

    def module(self, node: _Node, label: str, address: tuple[str, ...]) -> Module:
        below = [self.module(child, name, (*address, name)) for name, child in node.children.items()]
        folded = _fold(sorted(below, key=lambda module: _order(module.label)))
        small = [module for module in folded if _is_small(module)]
        inlined = [Leaf(f"{module.label}.{leaf.label}", leaf.tensor) for module in small for leaf in module.tensors]
        tensors = sorted([*node.tensors, *inlined], key=lambda leaf: [_order(part) for part in parts_of(leaf.label)])
        modules = tuple(module for module in folded if not _is_small(module))
        return Module(
            label=label,
            address=address,
            alike=1,
            tensors=tuple(tensors),
            modules=modules,
            tensor_count=len(tensors) + sum(module.tensor_count for module in modules),
            parameters=sum(leaf.tensor.parameters for leaf in tensors) + sum(module.parameters for module in modules),
            size=sum(leaf.tensor.size for leaf in tensors) + sum(module.size for module in modules),
            key=self._key(tensors, modules),
        )

    def _key(self, tensors: list[Leaf], modules: tuple[Module, ...]) -> int:
        content = (
            tuple((leaf.label, leaf.tensor.dtype, leaf.tensor.shape) for leaf in tensors),
            tuple((module.label, module.key) for module in modules),
        )
        return self._keys.setdefault(content, len(self._keys))


def _is_small(module: Module) -> bool:
    return module.alike == 1 and not module.modules and len(module.tensors) <= _FEW


def _fold(modules: list[Module]) -> list[Module]:
    """Numbered siblings that are equal within become one, in the place of their first."""
    groups: dict[tuple, list[Module]] = {}
    for module in modules:
        numbered = _NUMBERED.fullmatch(module.label)
        groups.setdefault((numbered[1], module.key) if numbered else (module.label,), []).append(module)
    return [_together(group) if len(group) > 1 else group[0] for group in groups.values()]


def _together(group: list[Module]) -> Module:
    first = group[0]
    matches = [found for module in group if (found := _NUMBERED.fullmatch(module.label))]
    count = len(group)
    return Module(
        label=matches[0][1] + ranges([int(found[2]) for found in matches]),
        address=first.address,
        alike=count,
        tensors=first.tensors,
        modules=first.modules,
        tensor_count=count * first.tensor_count,
        parameters=count * first.parameters,
        size=sum(map(attrgetter("size"), group)),
        key=first.key,
    )


def _order(part: str) -> tuple[str, int, str]:
    """Names as people sort them: layer 2 before layer 10."""
    numbered = _NUMBERED.fullmatch(part)
    return (numbered[1], int(numbered[2]), part) if numbered else (part, -1, part)
