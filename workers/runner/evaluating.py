"""An evaluation: a model as it is, over rows of a data set, by a recipe's metrics and by suites."""

from collections.abc import Sequence

from workers.contract import ColumnRole, JobResult
from workers.evaluations import suite
from workers.lib import config, environment
from workers.lib.folder import Outcome, Work
from workers.lib.session import Recipe, Session
from workers.runner import measuring
from workers.runner.finetuning import named
from workers.runner.sessions import cutter, tables


def run(work: Work, session: Session) -> Outcome:
    meter = environment.Meter(session.device)
    method = named(work.spec.recipe) if work.spec.recipe else None
    if method:
        told = work.spec.config.get(work.spec.recipe, {})
        session.config = config.settle(method.offer.options, told)
    told_by = method.offer.columns if method else ()
    found = tables(work, columns(method, work.spec.suites), cutter(session, method), told_by)
    session.test, session.train = found.get("test", found.get("validation", found.get("train"))), found.get("train")
    measured = measuring.measure(session, method)
    result = JobResult(
        measured=tuple(measured.measured),
        findings=tuple(measured.findings),
        environment=environment.report(session.device, session.seed, bool(session.config.get("deterministic"))),
        usage=meter.usage(),
        predictions_sha256=measured.predictions_sha256,
        tables=measured.tables,
    )
    return Outcome(result)


def columns(method: Recipe | None, suites: Sequence[str]) -> list[ColumnRole]:
    """Of the recipe and of all suites, each name once: the recipe's word first."""
    offers = [*([method.offer] if method else []), *(suite(name).offer for name in suites)]
    found: dict[str, ColumnRole] = {}
    for role in (role for offer in offers for role in offer.columns):
        found.setdefault(role.name, role)
    return list(found.values())
