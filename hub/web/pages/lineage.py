"""What a repository was made from and what was made from it: as sentences, as a picture, and in short."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.web.pages import links, repo, words
from hub.web.pages.links import Link

DEPTH = 3
DRAWN = 60
SHOWN = 4
_NAME_WIDTH = 23
_WORDS = {
    "finetune": "fine-tuned from",
    "adapter": "adapter for",
    "merge": "merged from",
    "quantized": "quantised from",
    "base": "made from",
    "copy": "copied from",
    "trained-on": "trained on",
    "evaluated-on": "evaluated on",
    "source": "takes data from",
}


@dataclass(frozen=True)
class Step:
    """One sentence: `child` is `relation` `parent`. A link without address is a name that isn't on this hub."""

    child: Link
    relation: str
    is_inferred: bool
    parent: Link
    revision: str
    commit: Link | None
    is_current: bool


@dataclass(frozen=True)
class LineagePage:
    title: str
    banner: repo.Banner
    sources: tuple[Step, ...]
    made: tuple[Step, ...]
    more: str
    graph: dict[str, Any]
    graph_note: str


@dataclass(frozen=True)
class Group:
    """All that stand in one relation; the first few are shown, the rest on demand."""

    relation: str
    shown: tuple[Step, ...]
    more: tuple[Step, ...]
    note: str


@dataclass(frozen=True)
class Evidence:
    groups: tuple[Group, ...]
    made: str
    url: str

    def __bool__(self) -> bool:
        return bool(self.groups or self.made)


def build(viewer: Viewer, address: repo.Address) -> LineagePage:
    place = repo.find(viewer, address)
    found = catalog.lineage(viewer, place.repo, depth=DEPTH)
    sources, made = _steps(found)
    drawn = _nearest(found)
    return LineagePage(
        title=f"Lineage of {place.repo.full_name}",
        banner=repo.banner(place, "lineage"),
        sources=sources,
        made=made,
        more=_more(found),
        graph=_graph(found, drawn) if found.edges else {},
        graph_note=f"The picture has the nearest {DRAWN} of {len(found.nodes)}." if len(found.nodes) > DRAWN else "",
    )


def evidence(viewer: Viewer, of: Any) -> Evidence:
    """What it was made from, and how much was made from it."""
    found = catalog.lineage(viewer, of, depth=1, fan_out=0)
    sources, _ = _steps(found)
    groups = tuple(_group(relation, tuple(steps)) for relation, steps in groupby(sources, key=_relation))
    said = words.plural(found.more, "repository", "repositories") + " made from it" if found.more else ""
    said = said if found.is_more_exact else f"at least {said}"
    return Evidence(groups, said, links.lineage_url(of.kind, of.full_name))


def _relation(step: Step) -> str:
    return step.relation


def _group(relation: str, steps: tuple[Step, ...]) -> Group:
    absent = sum(not step.parent.url for step in steps)
    note = "" if not absent else "not on this hub" if absent == len(steps) else "those without a link: not on this hub"
    if any(step.is_inferred for step in steps):
        note = f"{note}; relation inferred" if note else "relation inferred"
    cut = SHOWN if len(steps) > SHOWN + 1 else len(steps)
    return Group(relation, steps[:cut], steps[cut:], note)


def _steps(found: catalog.Lineage) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """(what led to it, what came of it), the nearest first."""
    nodes = found.nodes
    up = [edge for edge in found.edges if nodes[edge.parent].level < 0]
    down = [edge for edge in found.edges if nodes[edge.parent].level >= 0]
    up.sort(key=lambda edge: -nodes[edge.parent].level)
    down.sort(key=lambda edge: nodes[edge.child].level)
    return tuple(_step(found, edge) for edge in up), tuple(_step(found, edge) for edge in down)


def _step(found: catalog.Lineage, edge: Any) -> Step:
    child, parent = found.nodes[edge.child], found.nodes[edge.parent]
    at = Link(edge.commit[:8], links.commit_url(parent.kind, parent.name, edge.commit)) if edge.commit else None
    return Step(
        child=Link("this" if child is found.root else child.name, _url(child)),
        relation=_WORDS[edge.relation],
        is_inferred=edge.is_inferred,
        parent=Link("this" if parent is found.root else parent.name, _url(parent)),
        revision=edge.revision,
        commit=at,
        is_current=edge.is_current,
    )


def _url(node: Any) -> str:
    return links.repo_url(node.kind, node.name) if node.repo else ""


def _more(found: catalog.Lineage) -> str:
    if not found.more:
        return ""
    least = "" if found.is_more_exact else "at least "
    return f"and {least}{found.more:,} more"


def _nearest(found: catalog.Lineage) -> list[Any]:
    """The nodes of the picture, from the oldest to the youngest, so that the keyboard walks them in that order."""
    nearest = sorted(found.nodes.values(), key=lambda node: abs(node.level))[:DRAWN]
    return sorted(nearest, key=lambda node: node.level)


def _graph(found: catalog.Lineage, nodes: Iterable[Any]) -> dict[str, Any]:
    """What the picture is drawn from; a node leads to its own lineage."""
    drawn = {node.id: node for node in nodes}
    edges = [
        {
            "from": edge.parent,
            "to": edge.child,
            "label": _WORDS[edge.relation],
            "soft": edge.is_inferred or edge.relation == "evaluated-on",
        }
        for edge in found.edges
        if edge.parent in drawn and edge.child in drawn
    ]
    return {"nodes": [_drawn(node, found.root) for node in drawn.values()], "edges": edges}


def _drawn(node: Any, root: Any) -> dict[str, str]:
    owner, _, name = node.name.rpartition("/")
    kind = "data set" if node.kind == "dataset" else "model"
    above = f"{kind} · {owner}" if owner else kind
    return {
        "id": node.id,
        "kind": node.kind,
        "state": "root" if node is root else "here" if node.repo else "outside",
        "url": links.lineage_url(node.kind, node.name) if node.repo else "",
        "above": _cut(above, _NAME_WIDTH + 3),
        "name": _cut(name, _NAME_WIDTH),
        "title": f"{node.name}, {kind}" + ("" if node.repo else ", not on this hub"),
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
