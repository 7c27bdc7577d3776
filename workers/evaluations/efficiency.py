"""Efficiency: parameters, bytes, time for one row and rows a second, memory at the most; on the device of the job."""

import math
from dataclasses import replace
from pathlib import Path

from workers.contract import Code, Measured, Offer, Option
from workers.lib import models, robustness, suites, weights
from workers.lib.session import Predictions, Recipe, Session, Suite, Trouble, Verdict

OFFER = Offer(
    kind="suite",
    name="efficiency",
    version="1.0",
    title="Efficiency",
    summary="Size, time for one row, rows a second and memory on the worker's device.",
    options=(
        Option("rows", "int", 64, "Rows", "Measured one by one and in batches.", 8, 10_000),
        Option("rounds", "int", 3, "Rounds", "After one to warm up.", 3, 50, is_advanced=True),
    ),
    metric="rows_per_second",
)


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if recipe is None or session.base is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs a model and the recipe that reads it.", "Name both.", "recipe")
    chosen = suites.settings(session, OFFER)
    where = f"on {session.device}, {chosen['rows']} rows a round"
    one = _seconds_a_row(_with_batch(session, 1), recipe, chosen["rows"], chosen["rounds"])
    many = _seconds_a_row(session, recipe, chosen["rows"], chosen["rounds"])
    measured = [
        *_sizes(session.base),
        _spread("latency_ms", [1000 * each for each in one], "ms", where, is_better=False),
        _spread("rows_per_second", [1 / each for each in many], "rows/s", where, is_better=True),
        _memory(session.device),
    ]
    return Verdict(suites.told(measured, session, OFFER))


def _with_batch(session: Session, size: int) -> Session:
    return replace(session, config={**session.config, "batch_size": size})


def _seconds_a_row(session: Session, recipe: Recipe, most: int, rounds: int) -> list[float]:
    """Of each round after the first. Raises `Trouble` where the recipe doesn't say how long it took."""
    table = robustness.sample(suites.test(session), most, session.seed)
    found = [recipe.predict(session, models.base(session), table).seconds / len(table) for _ in range(rounds + 1)][1:]
    if min(found) <= 0:
        raise Trouble(
            Code.MODEL_NOT_SUPPORTED, "The recipe doesn't measure its time.", "Leave this suite out.", "suites"
        )
    return found


def _spread(metric: str, values: list[float], unit: str, note: str, *, is_better: bool) -> Measured:
    """Median of the rounds, from the slowest to the fastest."""
    ordered = sorted(values)
    return Measured(metric, ordered[len(ordered) // 2], len(values), ordered[0], ordered[-1], unit=unit, note=note,
                    method="median, slowest and fastest round", higher_is_better=is_better)  # fmt: skip


def _sizes(folder: Path) -> list[Measured]:
    tensors = weights.shapes(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    found = [Measured("bytes", float(size), 1, unit="B", higher_is_better=False, note="all files of the model")]
    if tensors:
        count = sum(math.prod(shape) for shape in tensors.values())
        found.append(
            Measured("parameters", float(count), 1, higher_is_better=False, note="counted, so without interval")
        )
    return found


def _memory(device: str) -> Measured:
    value, note = weights.peak_memory(device)
    return Measured("peak_memory", float(value), 1, unit="B", higher_is_better=False, note=note)


SUITE = Suite(OFFER, run, uses_predictions=False)
