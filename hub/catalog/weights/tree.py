"""Tensors as the modules that their names spell, with alike layers folded into one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hub.catalog.weights.header import Tensor

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


@dataclass(slots=True)
class _Node:
    """`key` is the same for nodes that are equal within; it and the counts are set once all tensors are in."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    tensors: list[Leaf] = field(default_factory=list)
    key: int = -1
    tensor_count: int = 0
    parameters: int = 0
    size: int = 0


def parts_of(name: str) -> list[str]:
    return name.replace("/", ".").split(".", _MAX_DEPTH - 1)


def module_tree(tensors: Iterable[Tensor], address: tuple[str, ...] = ()) -> Module:
    """The module at that address with all below it; without one, all there is."""
    root, start = _Node(), len(address)
    for tensor in tensors:
        parts = parts_of(tensor.name)
        if tuple(parts[:start]) != address or len(parts) == start:
            continue
        node = root
        for part in parts[start:-1]:
            if (below := node.children.get(part)) is None:
                below = node.children[part] = _Node()
            node = below
        node.tensors.append(Leaf(parts[-1], tensor))
    _measure(root, {})
    return _module([root], address[-1] if address else "", address)


def _measure(node: _Node, keys: dict[tuple, int]) -> None:
    for child in node.children.values():
        _measure(child, keys)
    below = node.children.values()
    node.tensor_count = len(node.tensors) + sum(child.tensor_count for child in below)
    node.parameters = sum(leaf.tensor.parameters for leaf in node.tensors) + sum(child.parameters for child in below)
    node.size = sum(leaf.tensor.size for leaf in node.tensors) + sum(child.size for child in below)
    content = (
        tuple(sorted((leaf.label, leaf.tensor.dtype, leaf.tensor.shape) for leaf in node.tensors)),
        tuple(sorted((name, child.key) for name, child in node.children.items())),
    )
    node.key = keys.setdefault(content, len(keys))


def _module(alike: list[_Node], label: str, address: tuple[str, ...]) -> Module:
    """One for all that are alike, by the first of them."""
    node, count = alike[0], len(alike)
    found = [_module(group, name, (*address, first)) for name, first, group in _grouped(node.children)]
    small = [module for module in found if _is_small(module)]
    inlined = [Leaf(f"{module.label}.{leaf.label}", leaf.tensor) for module in small for leaf in module.tensors]
    return Module(
        label=label,
        address=address,
        alike=count,
        tensors=tuple(sorted([*node.tensors, *inlined], key=_leaf_order)),
        modules=tuple(module for module in found if not _is_small(module)),
        tensor_count=count * node.tensor_count,
        parameters=count * node.parameters,
        size=count * node.size,
    )


def _is_small(module: Module) -> bool:
    return module.alike == 1 and not module.modules and len(module.tensors) <= _FEW


def _grouped(children: dict[str, _Node]) -> Iterator[tuple[str, str, list[_Node]]]:
    """(label, name of the first, nodes) in the order of names: numbered ones that are equal within go together."""
    groups: dict[tuple, list[str]] = {}
    for name in sorted(children, key=_order):
        numbered = _NUMBERED.fullmatch(name)
        groups.setdefault((numbered[1], children[name].key) if numbered else (name,), []).append(name)
    for (prefix, *_), names in groups.items():
        label = names[0] if len(names) == 1 else prefix + ranges([int(name[len(prefix) :]) for name in names])
        yield label, names[0], [children[name] for name in names]


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


def _order(part: str) -> tuple[str, int, str]:
    """Names as people sort them: layer 2 before layer 10."""
    numbered = _NUMBERED.fullmatch(part)
    return (numbered[1], int(numbered[2]), part) if numbered else (part, -1, part)


def _leaf_order(leaf: Leaf) -> list[tuple[str, int, str]]:
    return [_order(part) for part in parts_of(leaf.label)]
