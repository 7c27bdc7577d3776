"""What a model or data set was made from, as far as licences go, and what each thing in it lays on the last one."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hub.governance.licences.compatibility import absorbs
from hub.governance.licences.table import Licence

MAX_VARIANTS = 32
# What passes the weights or the data on, changed or not.
DERIVED = ("finetune", "adapter", "merge", "quantized", "converted", "copy", "base", "source")
UNCHANGED = ("converted", "copy")
_DATA, _OUTPUTS, _CODE = "trained-on", "outputs", "code"

Choice = tuple[Licence, ...]


@dataclass(frozen=True)
class Edge:
    """`relation`: one of `DERIVED`, or trained-on (its rows), outputs (texts that it wrote), code (trained with it)."""

    relation: str
    parent: "Node"


@dataclass(frozen=True)
class Node:
    """`choices`: the licences that hold, one tuple for each side of an OR. With `is_concluded` a reviewer said so, and
    what it was made from is in that already. `is_settled`: its terms don't count, for a reason that somebody gave."""

    name: str
    kind: str
    choices: tuple[Choice, ...]
    edges: tuple[Edge, ...] = ()
    is_concluded: bool = False
    is_settled: bool = False
    text_changed: bool = False

    @property
    def licences(self) -> Choice:
        return self.choices[0]


@dataclass(frozen=True)
class Burden:
    """One licence that reaches the child. `how`: derived, data, outputs, code. `path`: names from the child upwards."""

    licence: Licence
    how: str
    relation: str
    path: tuple[str, ...]
    is_changed: bool = True
    kind: str = "model"
    text_changed: bool = False

    @property
    def holder(self) -> str:
        return self.path[-1]

    @property
    def is_direct(self) -> bool:
        return len(self.path) == 2


def variants(node: Node) -> Iterator[Node]:
    """The same graph with one side chosen of each OR: up to 32 of them."""
    return itertools.islice(_variants(node), MAX_VARIANTS)


def _variants(node: Node) -> Iterator[Node]:
    above = [list(itertools.islice(_variants(edge.parent), MAX_VARIANTS)) for edge in node.edges]
    for parents in itertools.product(*above):
        edges = tuple(replace(edge, parent=parent) for edge, parent in zip(node.edges, parents, strict=True))
        for choice in node.choices:
            yield replace(node, choices=(choice,), edges=edges)


def burdens(node: Node) -> tuple[Burden, ...]:
    """All that reaches this node, without doubles: the licences of what it was made from and, through each of those
    that no reviewer judged, of what those were made from."""
    found: dict[tuple[str, str, str], Burden] = {}
    for edge in node.edges:
        for burden in _through(edge):
            reached = replace(burden, path=(node.name, *burden.path))
            found.setdefault((reached.licence.id, reached.how, reached.holder), reached)
    return tuple(found.values())


def _through(edge: Edge) -> Iterator[Burden]:
    parent, how = edge.parent, _how(edge.relation)
    is_changed = edge.relation not in UNCHANGED
    if not parent.is_settled:
        for licence in parent.licences:
            yield Burden(licence, how, edge.relation, (parent.name,), is_changed, parent.kind, parent.text_changed)
    if parent.is_concluded or how == _CODE:
        return
    for burden in burdens(parent):
        if not absorbs(parent.licences, burden.licence, burden.how):
            yield _carried(burden, edge, how)


def _carried(burden: Burden, edge: Edge, how: str) -> Burden:
    """As it reaches the next one: data of a base are data of what was made from it; what reached a data set, or a
    model whose outputs were used, reaches on in that way."""
    if how == "derived":
        if burden.how != "derived":
            return burden
        is_changed = burden.is_changed or edge.relation not in UNCHANGED
        return replace(burden, relation=edge.relation, is_changed=is_changed)
    if how == "data" and burden.how == "outputs":
        return burden
    return replace(burden, how=how, relation=edge.relation)


def _how(relation: str) -> str:
    if relation in DERIVED:
        return "derived"
    return {_DATA: "data", _OUTPUTS: "outputs", _CODE: "code"}[relation]
