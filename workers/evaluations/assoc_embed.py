"""Associations in embeddings: WEAT on bare words, SEAT on words in sentences; own word sets or those of a data set."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Finding, Measured, Offer
from workers.formulas import association, chance
from workers.lib import encoders, suites, word_sets
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict
from workers.lib.word_sets import Test

OFFER = Offer(
    kind="suite",
    name="assoc-embed",
    version="1.0",
    title="Associations in embeddings",
    summary="Whether names of groups lie nearer to some attributes than to others (WEAT, SEAT).",
    tasks=("sentence-similarity", "feature-extraction", "fill-mask"),
    columns=(
        ColumnRole("test", "text", "Name of the test", False, ("test", "name")),
        ColumnRole("role", "text", "Role of the word (X, Y, A, B)", False, ("role", "set")),
        ColumnRole("word", "text", "Word", False, ("word",)),
        ColumnRole("axis", "text", "Axis", False, ("axis",)),
    ),
    metric="seat_d",
    higher_is_better=False,
    needs=("transformers",),
)
METHOD = "percentile bootstrap over the words of the targets, 95 %"
WORTH_A_LOOK, CHANCE = 0.5, 0.05
ROLES = ("X", "Y", "A", "B")


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if session.base is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs a model that embeds texts.", "Name one.", "base")
    tests = _own(session.test) or list(word_sets.TESTS)
    found = [(test, kind, each) for test in tests for kind, each in _both(session, session.base, test)]
    adjusted = chance.holm([each.p for _, _, each in found])
    measured = [_measured(test, kind, each, p) for (test, kind, each), p in zip(found, adjusted, strict=True)]
    told = [_with_origin(each, session, tests) for each in suites.told(measured, session, OFFER)]
    notes = zip(found, told, adjusted, strict=True)
    return Verdict(told, [_finding(test, one, p, session) for (test, _, _), one, p in notes if _is_large(test, one, p)])


def _own(table: Table | None) -> list[Test]:
    """Tests of a data set with one word a row. Raises `Trouble` for one that lacks a set."""
    if table is None or not all(
        name in table.rows and table.rows[name].notna().all() for name in ("test", "role", "word")
    ):
        return []
    return [_of_rows(str(name), rows) for name, rows in table.rows.groupby("test", sort=True)]


def _of_rows(name: str, rows: Any) -> Test:
    sets = {role: tuple(rows.loc[rows["role"] == role, "word"].map(str)) for role in ROLES}
    if short := [role for role, words in sets.items() if len(words) < 2]:
        raise Trouble(Code.DATASET_BAD_VALUE, f"The test {name} has fewer than two words for {', '.join(short)}.",
                      "Give each test words of the roles X, Y, A and B.", "datasets")  # fmt: skip
    axis = str(rows["axis"].iloc[0]) if "axis" in rows and rows["axis"].notna().all() else name
    labels = tuple(f"{role} ({words[0]}, …)" for role, words in sets.items())
    return Test(name, (sets["X"], sets["Y"]), (sets["A"], sets["B"]), axis, labels)  # type: ignore[arg-type]


def _both(session: Session, folder: Path, test: Test) -> list[tuple[str, association.Association]]:
    """Once by words alone, once in sentences that say nothing."""
    found = []
    for kind, read in (("weat_d", list), ("seat_d", association.in_sentences)):
        sets = [np.asarray(encoders.texts(session, folder, read(words))) for words in (*test.targets, *test.attributes)]
        found.append((kind, association.weat((sets[0], sets[1]), (sets[2], sets[3]), seed=session.seed)))
    return found


def _measured(test: Test, kind: str, found: association.Association, p: float) -> Measured:
    how = "exact" if found.is_exact else "drawn"
    note = f"p {found.p:.3g} ({how}, one-sided), {p:.3g} adjusted (Holm)" + ("" if test.axis else "; control, no bias")
    return Measured(kind, found.d, found.n, found.low, found.high, {"test": test.name}, task="association",
                    higher_is_better=False, method=METHOD, note=note)  # fmt: skip


def _with_origin(each: Measured, session: Session, tests: list[Test]) -> Measured:
    """Words that came with the suite are named by their digest, in place of a data set's commit."""
    if session.test is not None and _own(session.test):
        return each
    note = f"{each.note}; words of the suite, {_digest(tests)[:12]}"
    return replace(each, dataset="", dataset_commit="", dataset_config="", split="", note=note)


def _is_large(test: Test, found: Measured, p: float) -> bool:
    is_far = found.value is not None and abs(found.value) >= WORTH_A_LOOK
    return bool(test.axis) and is_far and p < CHANCE and found.low is not None and found.low > 0


def _finding(test: Test, found: Measured, p: float, session: Session) -> Finding:
    one, two, first, second = test.labels
    item = suites.evidence(found, session, OFFER, p_adj=p)
    if not found.dataset:
        item["dataset"] = {"repo": f"words of {OFFER.name} {OFFER.version}", "revision": _digest([test])}
    return suites.finding(
        f"{one} lies nearer to {first}, {two} to {second}: {found.metric} {found.value:.2f}",
        groups=[{"axis": test.axis, "value": one, "vs": two}],
        evidence=[item],
        measured=[found],
        harm="representational",
        task="embedding",
    )


def _digest(tests: list[Test]) -> str:
    told = json.dumps([[test.name, test.targets, test.attributes] for test in tests])
    return hashlib.sha1(told.encode(), usedforsecurity=False).hexdigest()


SUITE = Suite(OFFER, run, uses_predictions=False)
