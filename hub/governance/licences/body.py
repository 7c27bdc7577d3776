"""The licence record's JSON, to and from what the rules work with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any

from hub.governance.licences.ancestry import Edge, Node
from hub.governance.licences.effective import Effective
from hub.governance.licences.expressions import alternatives
from hub.governance.licences.judgement import Judgement
from hub.governance.licences.obligations import Obligation
from hub.governance.licences.rules import Fault
from hub.governance.licences.table import Table

MAX_DEPTH = 8
MAX_NODES = 300
PRIVATE = "a private repository"
Tree = dict[str, Any]


def tree(name: str, kind: str, licence: str, **more: Any) -> Tree:
    """One thing in a lineage. `repo`: its row on this hub; `concluded`: a reviewer found this licence; `texts`: digests
    of its licence files; `text_changed`: they aren't those that were approved."""
    values = {"name": name, "kind": kind, "licence": licence, "repo": None, "concluded": False, "settled": ""}
    return {**values, "texts": [], "text_changed": False, "edges": [], **more}


def edge(relation: str, node: Tree) -> dict[str, Any]:
    return {"relation": relation, "node": node}


def node_of(of: Tree, table: Table) -> Node:
    """The tree with the licences of the table as it stands."""
    edges = tuple(Edge(each["relation"], node_of(each["node"], table)) for each in of["edges"])
    choices = alternatives(of["licence"], table)
    return Node(
        of["name"],
        of["kind"],
        choices,
        edges,
        is_concluded=of["concluded"],
        is_settled=bool(of["settled"]),
        text_changed=of.get("text_changed", False),
    )


def pruned(of: Tree, without: int, depth: int = MAX_DEPTH) -> Tree:
    """Without what leads back to that repository, and without what lies too deep."""
    kept = [each for each in of["edges"] if each["node"]["repo"] != without] if depth > 0 else []
    return {**of, "edges": [edge(each["relation"], pruned(each["node"], without, depth - 1)) for each in kept]}


def texts_of(of: Tree) -> dict[str, list[str]]:
    """The digests of licence files by repository of this hub, of all that something was made from."""
    above = (node for each in of["edges"] for node in walk(each["node"]))
    return {str(node["repo"]): node["texts"] for node in above if node["repo"] and node.get("texts")}


def compared(of: Tree, approved: dict[str, list[str]]) -> Tree:
    """With `text_changed` where the licence files differ from those (L13)."""
    before = approved.get(str(of["repo"]))
    is_changed = bool(before and of.get("texts") and before != of["texts"])
    edges = [edge(each["relation"], compared(each["node"], approved)) for each in of["edges"]]
    return {**of, "text_changed": is_changed, "edges": edges}


def limited(edges: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whole while they have no more than so many things in all; then without what lies above the nearest ones."""
    found = list(edges)
    if sum(1 for each in found for _ in walk(each["node"])) <= MAX_NODES:
        return found
    return [edge(each["relation"], {**each["node"], "edges": []}) for each in found]


def walk(of: Tree) -> Iterator[Tree]:
    yield of
    for each in of["edges"]:
        yield from walk(each["node"])


def judgement_body(judged: Judgement) -> dict[str, Any]:
    """`terms` as ids: what they say is asked of the table when it is read."""
    whole = replace(judged, terms=(), effective=replace(judged.effective, licences=()))
    told = asdict(whole)
    told["terms"] = [licence.id for licence in judged.terms]
    told["effective"]["licences"] = [licence.id for licence in judged.effective.licences]
    return told


def judgement_of(told: dict[str, Any], table: Table) -> Judgement:
    effective = told["effective"]
    return Judgement(
        verdict=told["verdict"],
        effective=Effective(
            effective["expression"], tuple(table.get(each) for each in effective["licences"]), effective["doubt"]
        ),
        faults=tuple(_fault(each) for each in told["faults"]),
        obligations=tuple(Obligation(**each) for each in told["obligations"]),
        notice=told["notice"],
        displays=tuple(told["displays"]),
        prefixes=tuple(told["prefixes"]),
        terms=tuple(table.get(each) for each in told["terms"]),
        modality=told["modality"],
        settled=tuple(_fault(each) for each in told["settled"]),
    )


def masked(value: Any, hidden: Iterable[str]) -> Any:
    """The same with these names of repositories left out, wherever a text has one."""
    names = sorted(hidden, key=len, reverse=True)
    if not names:
        return value
    pattern = re.compile(r"(?<![\w./-])(?:" + "|".join(map(re.escape, names)) + r")(?![\w/-])", re.I)
    return _masked(value, pattern)


def _masked(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(PRIVATE, value)
    if isinstance(value, list | tuple):
        return [_masked(item, pattern) for item in value]
    if isinstance(value, dict):
        return {key: _masked(item, pattern) for key, item in value.items()}
    return value


def _fault(told: dict[str, Any]) -> Fault:
    return Fault(**{**told, "edge": tuple(told["edge"])})
