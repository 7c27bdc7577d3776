"""Worked cases, all through the one engine: the published ones, and others of their kind."""

import csv
from pathlib import Path

import pytest

from hub.governance.licences.ancestry import Edge, Node
from hub.governance.licences.consumer import consumer_named, pull_verdict
from hub.governance.licences.expressions import alternatives
from hub.governance.licences.judgement import Judgement, judge
from hub.governance.licences.table import shipped

_DATA = Path(__file__).parents[2] / "data"
# What the published cases call a duty, and which of ours meets it: (code, part of its text).
_DUTIES = {
    "keep LICENSE+NOTICE": [("licence-copy", "LICENSE"), ("notice", "NOTICE")],
    "state changes": [("changes", "State what was changed")],
    "ship agreement": [("licence-copy", "Ship the agreement")],
    "Notice file": [("notice", "Notice file with: ")],
    '"Built with Llama"': [("display", "Built with Llama")],
    'name must start with "Llama"': [("name-prefix", "start with “Llama”")],
    "rename to Llama-...": [("mend-L6", "Rename it to bob/Llama-")],
    "credit both parents": [("notice", "mistral/7B"), ("notice", "x/chat-7b")],
    "keep Apache notice": [("licence-copy", "Apache")],
    "NC for everyone": [("non-commercial", "for everyone")],
    "ship Gemma terms": [("licence-copy", "Gemma Terms of Use")],
    "pass on prohibited-use policy": [("use-restrictions", "prohibited use policy")],
    "regenerate data with a permitting model": [("mend-L7", "Regenerate the data with a model that permits it")],
    "credit Wikipedia": [("notice", "wikipedia")],
    "reviewer decides on share-alike": [("mend-L2d", "reviewer decides on share-alike")],
    "offer corresponding source to network users": [("source", "over a network")],
    "do not publish": [("mend-L4", "Do not publish")],
    "ask licensor": [("mend-L4", "ask the licensor")],
    "obtain licence": [("mend-L0", "Obtain the licence")],
    "Notice": [("notice", "Notice file with: ")],
    "AUP": [("use-restrictions", "AUP")],
    "Powered by Stability AI": [("display", "Powered by Stability AI")],
    "credit CC-BY-SA author": [("notice", "Share Alike")],
}


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def node(name: str, licence: str, kind: str = "model", edges: tuple[Edge, ...] = ()) -> Node:
    return Node(name, kind, alternatives(licence, shipped()), edges, is_settled=licence == "unknown-ok")


def chain(text: str, relation: str, kind: str = "model") -> Node:
    """`x/mid=mit<y/top=gemma`: the last one is the oldest."""
    first, _, above = text.strip().partition("<")
    edges = (Edge(relation, chain(above, relation, kind)),) if above else ()
    return node(*first.rsplit("=", 1), kind=kind, edges=edges)


def edges_of(row: dict[str, str]) -> tuple[Edge, ...]:
    columns = (
        (row["relation"], row["parents"], "model"),
        ("trained-on", row["training_data"], "dataset"),
        ("outputs", row["trained_on_outputs_of"], "model"),
    )
    return tuple(
        Edge(relation, chain(text, relation, kind))
        for relation, texts, kind in columns
        for text in texts.split(";")
        if text.strip()
    )


def judged(row: dict[str, str]) -> Judgement:
    child = node(row["repo"], row["declared_license"], edges=edges_of(row))
    detected = [shipped().get(name) for name in row["detected_license"].split(";") if name]
    return judge(child, detected=detected, modality=row["modality"], has_notice=row["has_notice"] == "yes")


@pytest.mark.parametrize(
    "row", [*rows("licence_cases.csv"), *rows("licence_cases_more.csv")], ids=lambda row: row["case_id"]
)
def test_case(row: dict[str, str]) -> None:
    found = judged(row)
    pulled = pull_verdict(found, consumer_named(row["consumer"]))
    assert found.verdict == row["expected_publish_verdict"], found.faults
    assert found.effective.text == row["expected_effective_license"]
    assert pulled.outcome == row["expected_pull_decision"], pulled
    if row["expected_publish_verdict"] in ("CONFLICT", "REVIEW") and row["case_id"].startswith("D"):
        assert set(row["rules"].split(",")) <= {fault.rule for fault in found.faults}
    if pulled.outcome == "DENY":
        assert pulled.reasons and all(reason.text for reason in pulled.reasons)


@pytest.mark.parametrize("row", rows("licence_cases.csv"), ids=lambda row: row["case_id"])
def test_obligations_of_the_published_cases(row: dict[str, str]) -> None:
    found = judged(row).obligations
    if row["expected_obligations"] == "none from outputs":
        assert found == ()
        return
    for phrase in row["expected_obligations"].split(";"):
        for code, text in _DUTIES[phrase.strip()]:
            assert any(each.code == code and text in each.text for each in found), (phrase, found)
