"""What a model is worth on rows at hand: the recipe's own metrics, then each suite."""

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

from workers.contract import Finding, Kind, Measured
from workers.evaluations import suite
from workers.lib import config
from workers.lib.folder import PREDICTIONS
from workers.lib.session import Predictions, Recipe, Session, Suite, Verdict
from workers.runner.sessions import go_on

# Of a text in predictions.parquet.
LONGEST = 2000


@dataclasses.dataclass
class Found:
    measured: list[Measured] = dataclasses.field(default_factory=list)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    tables: dict[str, Any] = dataclasses.field(default_factory=dict)
    predictions_sha256: str = ""


def measure(session: Session, method: Recipe | None, *, is_test: bool = True) -> Found:
    """`session.base` over `session.test`, by `method` and by all suites of the order."""
    found = Found()
    predictions = None
    if method and session.base and session.test:
        predictions = method.predict(session, session.base, session.test)
        found.measured += [_of(session, each, is_test) for each in method.score(predictions, session)]
        found.predictions_sha256 = write(session.folder, predictions)
    for name in session.spec.suites:
        go_on(session)
        session.report.say(f"Suite {name}.")
        _add(found, session, name, verdict(session, suite(name), method, predictions), is_test)
    return found


def verdict(session: Session, judge: Suite, method: Recipe | None, predictions: Predictions | None) -> Verdict:
    """A suite sees its own config over the recipe's."""
    told = {} if session.spec.kind == Kind.FINETUNE else session.spec.config.get(judge.offer.name, {})
    own = config.settle(judge.offer.options, told)
    seen = dataclasses.replace(session, config={**session.config, **own})
    return judge.run(seen, method, predictions if judge.uses_predictions else None)


def _add(found: Found, session: Session, name: str, verdict: Verdict, is_test: bool) -> None:
    version = suite(name).offer.version
    named = [dataclasses.replace(each, suite=name, suite_version=version) for each in verdict.measured]
    found.measured += [_of(session, each, is_test) for each in named]
    found.findings += verdict.findings
    if verdict.tables:
        found.tables[name] = verdict.tables


def _of(session: Session, each: Measured, is_test: bool) -> Measured:
    """With what was read: a suite that named its own data keeps it."""
    table = session.test
    if each.dataset or table is None:
        return dataclasses.replace(each, seed=session.seed)
    return dataclasses.replace(
        each,
        dataset=table.name,
        dataset_commit=table.commit,
        dataset_config=table.config,
        split=table.split or ("" if is_test else "validation"),
        seed=session.seed,
    )


def write(folder: Path, predictions: Predictions) -> str:
    """predictions.parquet: row, target, output, scores; its sha256."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "row": range(len(predictions.targets)),
            "target": [_cell(predictions, value) for value in predictions.targets],
            "output": [_cell(predictions, value) for value in predictions.outputs],
        }
    )
    if predictions.scores is not None:
        frame["scores"] = [row.tolist() for row in predictions.scores]
    frame.to_parquet(folder / PREDICTIONS, index=False)
    return hashlib.sha256((folder / PREDICTIONS).read_bytes()).hexdigest()


def _cell(predictions: Predictions, value: Any) -> Any:
    """Class numbers by name; what is neither number nor text as JSON."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    if predictions.labels and isinstance(plain, int):
        return predictions.labels[plain]
    return plain[:LONGEST] if isinstance(plain, str) else plain if isinstance(plain, int | float) else json.dumps(plain)
