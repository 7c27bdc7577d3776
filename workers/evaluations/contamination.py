"""Contamination: rows of the test that the training data hold, as they are, as text, or by a run of words."""

from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.formulas import overlap
from workers.lib import intervals, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict

COLUMNS = (
    ColumnRole("text", "text", "Text", False, ("text", "sentence", "content", "question")),
    ColumnRole("image", "image", "Image", False, ("image", "img", "pixel_*")),
    ColumnRole("audio", "audio", "Sound", False, ("audio", "sound")),
    ColumnRole("label", "any", "Label", False, ("label", "labels", "class", "target")),
)
OFFER = Offer(
    kind="suite",
    name="contamination",
    version="1.0",
    title="Contamination of the test by the training data",
    summary="Counts test rows that also lie in the training data: needs both, one as train and one as test.",
    options=(
        Option("words", "int", overlap.WORDS, "Words in a row", "A common run of so many counts.", 5, 100),
        Option("columns", "text", "", "Compare", "Columns by commas. Empty: the inputs of the recipe."),
    ),
    columns=COLUMNS,
    metric="contaminated",
    higher_is_better=False,
    memory="table",
)
ANSWERS = ("label", "labels", "target", "boxes")
SHOWN = 50


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if session.train is None or not len(session.train):
        raise Trouble(Code.BAD_SPEC, "There are no training data to compare with.",
                      "Add the data set that the model was trained on, as “train”.", "datasets")  # fmt: skip
    chosen, test = suites.settings(session, OFFER), suites.test(session)
    columns = suites.names(chosen["columns"]) or _inputs(test)
    found = overlap.overlap(_rows(session.train, columns), _rows(test, columns), chosen["words"])
    measured = [_share("contaminated", found.places, found.n)]
    measured += [_share(f"contaminated_{how}", places, found.n) for how, places in found.by_method(chosen["words"])]
    measured.append(_within(test, columns))
    train = {"dataset": session.train.name, "commit": session.train.commit, "rows": len(session.train)}
    table = {"contaminated_rows": [int(place) for place in found.places[:SHOWN]], "compared": columns, "train": train}
    return Verdict(suites.told(measured, session, OFFER), tables={"contamination": table})


def _inputs(test: Table) -> list[str]:
    """Roles that are no answers; all other columns where there are none."""
    roles = [str(name) for name in test.rows if name not in ANSWERS and test.rows[name].notna().any()]
    return roles or [str(name) for name in test.others]


def _rows(table: Table, columns: list[str]) -> list[Any]:
    """One input a row: the value itself, or several as a tuple."""
    missing = [name for name in columns if name not in table.rows and name not in table.others]
    if missing or not columns:
        raise Trouble(Code.DATASET_COLUMN_MISSING, f"{table.name or 'The data'} has no column {', '.join(missing)}.",
                      "Name columns that both data sets have.", "config.columns")  # fmt: skip
    values = [list(table.rows[name] if name in table.rows else table.others[name]) for name in columns]
    return values[0] if len(values) == 1 else list(zip(*values, strict=True))


def _share(metric: str, places: tuple[int, ...], n: int) -> Measured:
    hit = np.zeros(n, bool)
    hit[list(places)] = True
    return intervals.share(metric, hit, higher_is_better=False)


def _within(test: Table, columns: list[str]) -> Measured:
    """Rows of the test that an earlier one already has."""
    seen: set[bytes] = set()
    again = []
    for value in _rows(test, columns):
        mark = overlap.digest(value)
        again.append(mark in seen)
        seen.add(mark)
    return intervals.share("duplicates_in_test", again, higher_is_better=False)


SUITE = Suite(OFFER, run, uses_predictions=False)
