"""What is right on inputs made worse against what is right on the same inputs as they are; for the robust suites."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from workers.contract import Code, Measured, Offer, Option
from workers.lib import data, intervals, models, suites
from workers.lib.session import Recipe, Session, Table, Trouble, Verdict

OPTIONS = (
    Option("rows", "int", 500, "Rows at most", "Drawn by the seed; each is read once for every change and step.", 20,
           100_000),
    Option("severities", "text", "1,3,5", "Steps", "From 1 (slight) to 5, by commas.", is_advanced=True),
)  # fmt: skip
# (inputs, name of the change, step, random numbers) to inputs.
Change = Callable[[list[Any], str, int, np.random.Generator], list[Any]]


def verdict(
    session: Session, recipe: Recipe | None, offer: Offer, role: str, changes: Iterable[str], change: Change
) -> Verdict:
    """Errors by change, their mean, and how much of the accuracy is lost. `role`: the column that is made worse."""
    recipe = read_by(session, recipe)
    chosen = suites.settings(session, offer)
    steps = _steps(chosen["severities"])
    table = worsened(session, role, chosen["rows"])
    clean = _right(session, recipe, table)
    worse = {name: _under(session, recipe, table, role, name, steps, change) for name in changes}
    measured = suites.told(_measured(clean, worse, session.seed), session, offer)
    return Verdict(measured, tables=_table(clean, worse, steps))


def read_by(session: Session, recipe: Recipe | None) -> Recipe:
    """Raises `Trouble` where the order names no model, or no recipe that reads it."""
    if recipe is None or session.base is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs a model and the recipe that reads it.", "Name both.", "recipe")
    return recipe


def worsened(session: Session, role: str, most: int) -> Table:
    """The rows that are made worse, up to `most` of them."""
    table = sample(suites.test(session), most, session.seed)
    if role not in table.rows:
        raise Trouble(Code.MODEL_NOT_SUPPORTED, f"The recipe has no column {role} to make worse.",
                      "Choose a suite for this kind of data.", "suites")  # fmt: skip
    return table


def _under(
    session: Session, recipe: Recipe, table: Table, role: str, name: str, steps: list[int], change: Change
) -> np.ndarray:
    """Right or wrong: (steps, rows)."""
    session.report.say(f"{name}: {len(steps)} steps")
    worse = (changed(table, role, name, step, change, session.seed) for step in steps)
    return np.array([_right(session, recipe, each) for each in worse])


def sample(table: Table, most: int, seed: int) -> Table:
    if len(table) <= most:
        return table
    return data.part(table, sorted(np.random.default_rng(seed).permutation(len(table))[:most].tolist()))


def _steps(text: str) -> list[int]:
    found = suites.names(text)
    if not found or not all(each in ("1", "2", "3", "4", "5") for each in found):
        raise Trouble(Code.BAD_SPEC, f"{text!r} are no steps.", "Name some of 1, 2, 3, 4, 5.", "config.severities")
    return sorted(map(int, set(found)))


def changed(table: Table, role: str, name: str, step: int, change: Change, seed: int) -> Table:
    chance = np.random.default_rng([seed, step, *name.encode()])
    made = np.empty(len(table), dtype=object)
    made[:] = change(list(table.rows[role]), name, step, chance)
    rows = table.rows.copy()
    rows[role] = made
    return replace(table, rows=rows)


def _right(session: Session, recipe: Recipe, table: Table) -> np.ndarray:
    scores, name = suites.row_scores(recipe.predict(session, models.base(session), table))
    if name != "accuracy":
        raise Trouble(Code.MODEL_NOT_SUPPORTED, "This suite counts right answers; the model gives numbers.",
                      "Choose a model that classifies.", "suites")  # fmt: skip
    return scores.astype(float)


def _measured(clean: np.ndarray, worse: dict[str, np.ndarray], seed: int) -> list[Measured]:
    """Of rows; a row's error under a change is its mean over the steps."""
    rows = {name: found.mean(axis=0) for name, found in worse.items()}
    mean = np.mean(list(rows.values()), axis=0)
    found = [intervals.share("accuracy", clean, slice={"change": "none"})]
    found += [_mean("accuracy", right, seed, {"change": name}) for name, right in rows.items()]
    found.append(replace(_mean("mean_corruption_error", 1 - mean, seed), higher_is_better=False))
    lost = intervals.measured("relative_drop", _drop, clean, mean, seed=seed, higher_is_better=False)
    return [*found, lost]


def _drop(clean: np.ndarray, worse: np.ndarray) -> float:
    """Share of the accuracy that is lost."""
    return float((clean.mean() - worse.mean()) / clean.mean()) if clean.mean() > 0 else float("nan")


def _mean(metric: str, values: np.ndarray, seed: int, part: dict[str, str] | None = None) -> Measured:
    low, high = intervals.of_mean(values, seed)
    return Measured(metric, float(values.mean()), len(values), low, high, part or {},
                    method="percentile bootstrap over rows, 95 %")  # fmt: skip


def _table(clean: np.ndarray, worse: dict[str, np.ndarray], steps: list[int]) -> dict[str, Any]:
    by = {name: dict(zip(map(str, steps), found.mean(axis=1).tolist(), strict=True)) for name, found in worse.items()}
    return {"accuracy_by_severity": {"none": {"0": float(clean.mean())}, **by}}
