"""What suites share: their own options, results with their origin, findings for the reviewers, slices of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workers.contract import Code, Finding, Measured, Offer
from workers.lib import config
from workers.lib.session import Predictions, Session, Table, Trouble

if TYPE_CHECKING:
    import numpy as np

# Fewer rows than this are shown as too few to say anything.
FEWEST = 20
UNJUDGED = "Set by what was measured; impact and exposure are for the reviewers to judge."


def settings(session: Session, offer: Offer) -> dict[str, Any]:
    """The suite's options as ordered: what the order's config has under the suite's name. The session's own config
    stays the recipe's, for predictions."""
    given = session.spec.config.get(offer.name)
    return config.settle(offer.options, given if isinstance(given, dict) else {})


def names(text: str) -> list[str]:
    """Of an option that lists names, by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def test(session: Session) -> Table:
    """Raises `Trouble` where the job has no rows to test."""
    if session.test is None or not len(session.test):
        raise Trouble(Code.DATASET_EMPTY, "There are no rows to evaluate on.", "Name a data set.", "datasets")
    return session.test


def has(table: Table, role: str) -> bool:
    """Whether every row has a value in it."""
    return role in table.rows and bool(table.rows[role].notna().all())


def needed(predictions: Predictions | None) -> Predictions:
    if predictions is None:
        raise Trouble(Code.BAD_SPEC, "This suite needs predictions of a recipe.", "Name the recipe.", "recipe")
    return predictions


def told(measured: Iterable[Measured], session: Session, offer: Offer) -> list[Measured]:
    """With suite, data set and seed, and no number that isn't finite."""
    table = session.test
    origin: dict[str, Any] = {
        "suite": offer.name,
        "suite_version": offer.version,
        "dataset": table.name if table else "",
        "dataset_commit": table.commit if table else "",
        "dataset_config": table.config if table else "",
        "split": table.split if table else "",
        "seed": session.seed,
    }
    return [replace(each, **origin) for each in measured]


def row_scores(predictions: Predictions) -> "tuple[np.ndarray, str]":
    """One number a row, and its name: right or wrong (accuracy), or how far off (absolute_error)."""
    import numpy as np

    if not predictions.labels and all(isinstance(each, float) for each in predictions.outputs):
        apart = np.asarray(predictions.outputs, float) - np.asarray(predictions.targets, float)
        return np.abs(apart), "absolute_error"
    pairs = zip(predictions.targets, predictions.outputs, strict=True)
    return np.array([is_equal(target, output) for target, output in pairs], bool), "accuracy"


def is_equal(target: Any, output: Any) -> bool:
    import numpy as np

    return bool(np.array_equal(np.asarray(target), np.asarray(output)))


def evidence(measured: Measured, session: Session, offer: Offer, **more: Any) -> dict[str, Any]:
    """A measurement as findings cite it. The hub adds the job and the model's commit."""
    table = session.test
    item = {
        "eval": {"suite": offer.name, "version": offer.version},
        "dataset": {"repo": table.name if table else "", "revision": table.commit if table else ""},
        "slice": ", ".join(f"{axis}={value}" for axis, value in measured.slice.items()) or "all",
        "metric": measured.metric,
        "value": measured.value,
        "n": measured.n,
        "ci_method": measured.method,
    }
    interval = {"ci": [measured.low, measured.high]} if measured.low is not None else {}
    return {**item, **interval, **more}


def finding(
    title: str, *, groups: Sequence[dict[str, str]], evidence: list[dict[str, Any]], measured: Sequence[Measured],
    harm: str, task: str = "", origin: str = "statistical", mit: str = "1.1",
) -> Finding:  # fmt: skip
    """A note of kind measured. Its level follows from the measurements until a reviewer says more."""
    body = {
        "title": title,
        "harm": {"class": harm, "mit": mit, "origin": origin},
        "groups": list(groups),
        "context": {"task": task} if task else {},
        "severity": {"impact": "1", "exposure": "1", "rationale": UNJUDGED},
        "evidence": evidence,
    }
    return Finding(title, {name: value for name, value in body.items() if value}, tuple(measured))
