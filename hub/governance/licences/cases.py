"""Worked cases as a table: each row describes something and who wants it; the rules say what comes of it.

    python -m hub.governance.licences.cases FILE.csv

prints what the rules say of each row and how that differs from its `expected_…` columns; exit 1 where it does.
Columns: repo, declared_license, detected_license, relation, parents, training_data, trained_on_outputs_of, modality,
has_notice, consumer; beside them accepted (ids of accepted licences), notice and readme (their texts) and kind, if
wanted. Lists are
`name=licence; name=licence`, and what one of them was itself made from follows after `<`.
"""

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hub.core.errors import InvalidInput
from hub.governance.licences.ancestry import Burden, Edge, Node, burdens
from hub.governance.licences.consumer import Consumer, PullVerdict, pull_verdict
from hub.governance.licences.consumer_words import consumer_named
from hub.governance.licences.expressions import alternatives
from hub.governance.licences.judgement import Judgement, judge
from hub.governance.licences.obligations import Obligation, in_brief
from hub.governance.licences.prose import named_in
from hub.governance.licences.rules import OK, Fault, rules_for
from hub.governance.licences.table import Table, shipped

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


@dataclass(frozen=True)
class Outcome:
    """`rules`: all that were weighed, met or not; `broken`: those that stand against publishing or this use. `why`: in
    words, or that nothing does."""

    verdict: str
    effective_license: str
    obligations: tuple[Obligation, ...]
    pull_decision: str
    rules: tuple[str, ...]
    broken: tuple[str, ...]
    why: str
    notice: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The kinds of duty, without doubles: stable words for programs."""
        return tuple(dict.fromkeys(each.code for each in self.obligations))

    @property
    def words(self) -> str:
        """The duties in a line."""
        return "; ".join(dict.fromkeys(map(in_brief, self.obligations))) or "none"


def run(row: Mapping[str, str], table: Table | None = None) -> Outcome:
    """Raises `InvalidInput` for a relation, a consumer, a source or a yes that can't be read, and says which can."""
    found = table or shipped()
    node = _node(row, found)
    judged = _judged(row, node, found)
    consumer = _consumer(row, found)
    pulled = pull_verdict(judged, consumer)
    return Outcome(
        verdict=judged.verdict,
        effective_license=judged.effective.text,
        obligations=judged.obligations,
        pull_decision=pulled.outcome,
        rules=_weighed(row, burdens(node), judged, pulled, consumer),
        broken=_sorted({fault.rule for fault in _standing(judged)} | {reason.rule for reason in pulled.reasons}),
        why=_why(judged, pulled),
        notice=judged.notice,
    )


def differences(row: Mapping[str, str], outcome: Outcome) -> Iterator[str]:
    """What of the `expected_…` columns and `rules` isn't so. Of duties, which are free text, what stands in quotes."""
    pairs = (
        ("publish_verdict", outcome.verdict),
        ("effective_license", outcome.effective_license),
        ("pull_decision", outcome.pull_decision),
    )
    for name, got in pairs:
        wanted = (row.get(f"expected_{name}") or "").strip()
        if wanted and wanted != got:
            yield f"{name}: {wanted} was expected, it is {got}"
    said = outcome.words + " ".join(each.text for each in outcome.obligations)
    for text in re.findall(r'"([^"]+)"', row.get("expected_obligations") or ""):
        if text not in said:
            yield f"obligations: {text!r} was expected, they are: {outcome.words}"
    if missing := [rule for rule in _listed(row.get("rules") or "", ",") if rule not in outcome.rules]:
        yield f"rules: {', '.join(missing)} expected, weighed were {', '.join(outcome.rules)}"


def main(path: str) -> int:
    with Path(path).open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    wrong = sum(_printed(row) for row in rows)
    sys.stdout.write(f"{len(rows)} cases, {wrong} differ\n")
    return 1 if wrong else 0


def _printed(row: Mapping[str, str]) -> bool:
    name = row.get("case_id") or row.get("repo") or "?"
    try:
        outcome = run(row)
    except InvalidInput as error:
        sys.stdout.write(f"{name:6} can't be read: {error}\n")
        return True
    told = (outcome.verdict, outcome.pull_decision, outcome.effective_license, ", ".join(outcome.rules), outcome.words)
    sys.stdout.write("{:6} {:17} {:17} {}  [{}]  {}\n".format(name, *told))
    found = list(differences(row, outcome))
    sys.stdout.writelines(f"       ≠ {each}\n" for each in found)
    return bool(found)


def _node(row: Mapping[str, str], table: Table) -> Node:
    relation = _relation(row)
    teachers = _listed(row.get("trained_on_outputs_of") or "")
    parents = _listed(row.get("parents") or "")
    if relation == _OUTPUTS and not teachers:
        teachers, parents = parents, []
    how = "finetune" if relation in (_OUTPUTS, _SCRATCH) else relation
    kind = (row.get("kind") or "model").strip()
    data = "trained-on" if kind == "model" else "source"
    edges = (
        *(Edge(how, _chain(text, how, "model", table)) for text in parents),
        *(Edge(data, _chain(text, data, "dataset", table)) for text in _listed(row.get("training_data") or "")),
        *(Edge(_OUTPUTS, _chain(text, "finetune", "model", table)) for text in teachers),
    )
    declared = (row.get("declared_license") or "").replace("|", " OR ")
    return Node(row["repo"].strip(), kind, alternatives(declared.strip(), table), edges)


def _relation(row: Mapping[str, str]) -> str:
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


def _judged(row: Mapping[str, str], node: Node, table: Table) -> Judgement:
    detected = [table.get(name) for name in _listed(row.get("detected_license") or "")]
    said, notice = (row.get("has_notice") or "").strip().lower(), row.get("notice") or ""
    if said not in (*_YES, *_NO):
        raise InvalidInput(f"has_notice is yes or no, not {said[:20]!r}.")
    modality = (row.get("modality") or "").strip().lower()
    prose = named_in(row.get("readme") or "", node.kind, table)
    return judge(node, detected=detected, in_prose=prose, modality=modality, has_notice=said in _YES, notice=notice)


def _consumer(row: Mapping[str, str], table: Table) -> Consumer:
    consumer = consumer_named(row["consumer"])
    if row.get("accepted") is None:
        return consumer
    return replace(consumer, accepted=frozenset(table.get(name).id for name in _listed(row["accepted"])))


def _weighed(
    row: Mapping[str, str], met: tuple[Burden, ...], judged: Judgement, pulled: PullVerdict, consumer: Consumer
) -> tuple[str, ...]:
    found = {fault.rule for fault in judged.faults} | {each.rule for each in (*pulled.reasons, *pulled.duties)}
    found |= {rule for burden in met for rule in rules_for(burden)}
    terms = judged.terms
    asked = {
        "L3": any(each.is_non_commercial for each in terms),
        "L8": _relation(row) == "merge",
        "L9": any(each.mau_limit or each.revenue_limit_usd or each.territory_excluded for each in terms),
        "L10": any(each.needs_acceptance for each in terms),
        "L15": bool(row.get("detected_license") or row.get("readme")),
        "P-NET": consumer.is_service and any(each.share_alike == "network" for each in terms),
    }
    found |= {rule for rule, is_asked in asked.items() if is_asked}
    return _sorted(found)


def _sorted(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule[0], int(re.sub(r"\D", "", rule) or 99), rule)))


def _standing(judged: Judgement) -> list[Fault]:
    return [fault for fault in judged.faults if fault.verdict != OK]


def _why(judged: Judgement, pulled: PullVerdict) -> str:
    against = [fault.clause for fault in _standing(judged)]
    against += [reason.text for reason in (*pulled.reasons, *pulled.duties)]
    return " ".join(dict.fromkeys(against)) or "Nothing stands against it."


def _listed(text: str, separator: str = ";") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
