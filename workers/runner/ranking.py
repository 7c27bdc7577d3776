"""A ranking: which of several models is the best start for a data set, before anything is trained."""

from dataclasses import replace
from pathlib import Path

from workers import rankings
from workers.contract import Code, JobResult
from workers.lib import config, environment
from workers.lib.folder import Outcome, Work
from workers.lib.session import Session, Trouble
from workers.runner.sessions import tables


def run(work: Work, session: Session) -> Outcome:
    meter = environment.Meter(session.device)
    session.config = config.settle(rankings.OFFER.options, work.spec.config)
    # Rows that models were made with need no label; `rank` asks for it of those to rank by.
    found = tables(work, [replace(role, is_required=False) for role in rankings.OFFER.columns])
    session.train, session.test = found.get("train"), found.get("test", found.get("train"))
    if not work.candidates:
        raise Trouble(Code.BAD_SPEC, "There is no model to rank.", "Name at least one candidate.", "candidates")
    candidates = [(source, Path(path)) for source, path in zip(work.spec.candidates, work.candidates, strict=True)]
    verdict = rankings.rank(session, candidates)
    result = JobResult(
        measured=tuple(verdict.measured),
        findings=tuple(verdict.findings),
        environment=environment.report(session.device, session.seed, deterministic=False),
        usage=meter.usage(),
        tables=verdict.tables,
    )
    return Outcome(result)
