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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hub.core.errors import InvalidInput
from hub.governance.licences.ancestry import burdens
from hub.governance.licences.case_rows import consumer_of, judged, listed, node_of
from hub.governance.licences.consumer import PullVerdict, pull_verdict
from hub.governance.licences.judgement import Judgement
from hub.governance.licences.obligations import Obligation, in_brief
from hub.governance.licences.rules import OK, Fault
from hub.governance.licences.table import Table, shipped
from hub.governance.licences.weighed import ordered, weighed


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
    node, consumer = node_of(row, found), consumer_of(row, found)
    told = judged(row, node, found)
    pulled = pull_verdict(told, consumer)
    has_texts = bool(row.get("detected_license") or row.get("readme"))
    return Outcome(
        verdict=told.verdict,
        effective_license=told.effective.text,
        obligations=told.obligations,
        pull_decision=pulled.outcome,
        rules=weighed(burdens(node), told, pulled, consumer, has_texts=has_texts),
        broken=ordered({fault.rule for fault in _standing(told)} | {reason.rule for reason in pulled.reasons}),
        why=_why(told, pulled),
        notice=told.notice,
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
    if missing := [rule for rule in listed(row.get("rules") or "", ",") if rule not in outcome.rules]:
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


def _standing(judged: Judgement) -> list[Fault]:
    return [fault for fault in judged.faults if fault.verdict != OK]


def _why(judged: Judgement, pulled: PullVerdict) -> str:
    against = [fault.clause for fault in _standing(judged)]
    against += [reason.text for reason in (*pulled.reasons, *pulled.duties)]
    return " ".join(dict.fromkeys(against)) or "Nothing stands against it."


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
