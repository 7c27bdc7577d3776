"""A fine-tune: train, measure the result on rows it hasn't seen, run the suites that were asked for."""

import dataclasses
import json
from typing import Any

from workers.contract import Code, JobResult
from workers.lib import config, environment
from workers.lib.folder import Outcome, Work
from workers.lib.session import Recipe, Session, Table, Trained, Trouble
from workers.lib.training import CLOCK, CURVES
from workers.recipes import recipe
from workers.runner import measuring
from workers.runner.sessions import cutter, go_on, parted, tables


def run(work: Work, session: Session) -> Outcome:
    meter = environment.Meter(session.device, session.ranks)
    method = named(work.spec.recipe)
    _check_spread(session, method)
    session.config = config.settle(method.offer.options, work.spec.config)
    _fill(session, work, method)
    session.report.say(_said(session))
    trained = method.finetune(session)
    go_on(session)
    return _outcome(session, method, trained, meter)


def named(name: str) -> Recipe:
    try:
        return recipe(name)
    except KeyError as unknown:
        raise Trouble(Code.BAD_SPEC, f"There is no recipe “{name}”.", "Choose one of the list.", "recipe") from unknown


def _check_spread(session: Session, method: Recipe) -> None:
    if session.ranks > 1 and not method.offer.spreads:
        raise Trouble(Code.BAD_SPEC, f"{method.offer.title} trains on one device.", "Order it with one.", "gpus")


def _fill(session: Session, work: Work, method: Recipe) -> None:
    """Training, validation and test rows, as far as the order names them; validation always is there."""
    roles, cut = method.offer.columns, cutter(session, method)
    found = tables(work, roles, cut)
    if "train" not in found:
        raise Trouble(Code.BAD_SPEC, "No data set is for training.", "Give one the role train or both.", "datasets")
    session.train, session.test = found["train"], found.get("test")
    session.validation = found.get("validation")
    if session.validation is None:
        session.train, session.validation = parted(session.train, roles, session.seed, cut)


def _said(session: Session) -> str:
    def count(table: Table | None) -> str:
        return f"{len(table):,}" if table else "no"

    rows = f"{count(session.train)} rows to train on, {count(session.validation)} to validate"
    return f"{rows}, {count(session.test)} to test."


def _outcome(session: Session, method: Recipe, trained: Trained, meter: environment.Meter) -> Outcome:
    held = session.test or session.validation
    after = dataclasses.replace(session, base=session.out, test=held)
    found = measuring.measure(after, method, is_test=session.test is not None)
    notes = trained.notes if session.test else (*trained.notes, "Measured on validation rows: no test rows were named.")
    result = JobResult(
        measured=tuple(found.measured),
        findings=tuple(found.findings),
        environment=environment.report(
            session.device, session.seed, bool(session.config.get("deterministic")), session.ranks
        ),
        usage=meter.usage(),
        predictions_sha256=found.predictions_sha256,
        tables={**found.tables, **_curves(session)},
        notes=notes,
    )
    return Outcome(result, card=trained.card, metadata=trained.metadata, steps=trained.steps)


def _curves(session: Session) -> dict[str, Any]:
    """Of all attempts, where events only tell of this one."""
    kept = {"curves": session.folder / CURVES, "clock": session.folder / CLOCK}
    return {name: json.loads(file.read_text()) for name, file in kept.items() if file.is_file()}
