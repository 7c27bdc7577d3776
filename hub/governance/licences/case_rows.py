"""Rows of a table of cases, read: what something was made from, and who wants it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from hub.core.errors import InvalidInput
from hub.governance.licences.ancestry import Edge, Node
from hub.governance.licences.consumer import Consumer
from hub.governance.licences.consumer_words import consumer_named
from hub.governance.licences.expressions import alternatives
from hub.governance.licences.judgement import Judgement, judge
from hub.governance.licences.prose import named_in
from hub.governance.licences.table import Table

_OUTPUTS, _SCRATCH = "outputs", "scratch"
RELATIONS = {
    **dict.fromkeys(("finetune", "finetuned", "fine-tune", "fine-tuned", "base"), "finetune"),
    **dict.fromkeys(("adapter", "lora", "peft"), "adapter"),
    **dict.fromkeys(("merge", "merged"), "merge"),
    **dict.fromkeys(("quantized", "quantised", "quantization", "quantisation"), "quantized"),
    **dict.fromkeys(("converted", "conversion", "convert"), "converted"),
    **dict.fromkeys(("trained-on-outputs", "outputs", "distilled", "distillation", "student"), _OUTPUTS),
    **dict.fromkeys(("", "none", "scratch", "from-scratch", "trained", "pretrained"), _SCRATCH),
}
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0", "")
_ABOVE = re.compile(r"^([^=<]+=[^<(\[]*?)\s*[(\[]\s*([^()\[\]]+=.*)[)\]]$")
# A source whose licence doesn't count, and somebody said why.
_SETTLED = "unknown-ok"


def node_of(row: Mapping[str, str], table: Table) -> Node:
    relation = relation_of(row)
    teachers = listed(row.get("trained_on_outputs_of") or "")
    parents = listed(row.get("parents") or "")
    if relation == _OUTPUTS and not teachers:
        teachers, parents = parents, []
    how = "finetune" if relation in (_OUTPUTS, _SCRATCH) else relation
    kind = (row.get("kind") or "model").strip()
    data = "trained-on" if kind == "model" else "source"
    edges = (
        *(Edge(how, _chain(text, how, "model", table)) for text in parents),
        *(Edge(data, _chain(text, data, "dataset", table)) for text in listed(row.get("training_data") or "")),
        *(Edge(_OUTPUTS, _chain(text, "finetune", "model", table)) for text in teachers),
    )
    declared = (row.get("declared_license") or "").replace("|", " OR ")
    return Node(row["repo"].strip(), kind, alternatives(declared.strip(), table), edges)


def relation_of(row: Mapping[str, str]) -> str:
    said = (row.get("relation") or "").strip().lower().replace("_", "-").replace(" ", "-")
    if said not in RELATIONS:
        raise InvalidInput(f"{said[:40]!r} is no relation. They are: {', '.join(filter(None, RELATIONS))}.")
    return RELATIONS[said]


def _chain(text: str, relation: str, kind: str, table: Table) -> Node:
    """`x/mid=mit < y/top=gemma`, or `x/mid=mit (y/top=gemma)`: the last one is the oldest."""
    plain = text.replace("<-", "<")
    if found := _ABOVE.match(plain):
        plain = f"{found[1]}<{found[2]}"
    first, _, above = plain.partition("<")
    name, equals, licence = (part.strip() for part in first.partition("="))
    if not name or not equals:
        raise InvalidInput(f"{text[:60]!r} names no source: write owner/name=licence.")
    edges = (Edge(relation, _chain(above, relation, kind, table)),) if above else ()
    choices = alternatives(licence.replace("|", " OR "), table)
    return Node(name, kind, choices, edges, is_settled=licence == _SETTLED)


def judged(row: Mapping[str, str], node: Node, table: Table) -> Judgement:
    detected = [table.get(name) for name in listed(row.get("detected_license") or "")]
    said, notice = (row.get("has_notice") or "").strip().lower(), row.get("notice") or ""
    if said not in (*_YES, *_NO):
        raise InvalidInput(f"has_notice is yes or no, not {said[:20]!r}.")
    modality = (row.get("modality") or "").strip().lower()
    prose = named_in(row.get("readme") or "", node.kind, table)
    return judge(node, detected=detected, in_prose=prose, modality=modality, has_notice=said in _YES, notice=notice)


def consumer_of(row: Mapping[str, str], table: Table) -> Consumer:
    consumer = consumer_named(row["consumer"])
    if row.get("accepted") is None:
        return consumer
    return replace(consumer, accepted=frozenset(table.get(name).id for name in listed(row["accepted"])))


def listed(text: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]
