"""Evidence of a finding: measurements, and what one lacks."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.governance.records.schema import Problem

MAX_EVIDENCE = 100
_NEEDED = ("job", "eval.suite", "dataset.repo", "dataset.revision", "slice", "metric")
_TEXT = {
    "job": "the job that measured it",
    "eval.suite": "the suite",
    "eval.version": "the suite's version",
    "dataset.repo": "the data set",
    "dataset.revision": "the data set's commit",
    "slice": "the slice",
    "metric": "the metric",
    "ci_method": "how the interval was computed",
    "model_revision": "the model's commit",
}
_EVIDENCE = {"job", "eval", "dataset", "slice", "metric", "value", "ci", "ci_method", "n", "baseline", "gap", "gap_ci",
             "p_adj", "model_revision", "env_digest", "artifact_sha256"}  # fmt: skip


def evidence_problems(evidence: Any, *, is_measured: bool) -> Iterator[Problem]:
    if not isinstance(evidence, list) or len(evidence) > MAX_EVIDENCE:
        yield Problem("evidence", f"is a list of up to {MAX_EVIDENCE} measurements.")
        return
    for number, item in enumerate(evidence):
        at = f"evidence.{number}"
        if not isinstance(item, Mapping):
            yield Problem(at, "is an object.")
            continue
        for name in sorted(set(item) - _EVIDENCE):
            yield Problem(f"{at}.{name}", "there is no such field.")
        if is_measured:
            yield from (Problem(f"{at}.{path}", said) for path, said in lacking(item))


def lacking(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a measurement needs and this one doesn't have."""
    for path in _NEEDED:
        if not isinstance(_at(item, path), str):
            yield path, f"is missing: {_TEXT[path]}."
    revision = _at(item, "dataset.revision")
    if isinstance(revision, str) and len(revision) != 40:
        yield "dataset.revision", "is the 40 hex digits of a commit."
    if not _is_number(item.get("value")):
        yield "value", "is missing: what was measured, as a number."
    if not (isinstance(item.get("n"), int) and item["n"] > 0):
        yield "n", "is missing: how many were measured."
    for name in ("ci", *(["gap_ci"] if "gap" in item else [])):
        if not is_interval(item.get(name)):
            yield name, "is missing: an interval [low, high]. A value without one is not accepted."


def is_interval(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    return is_pair and value[0] <= value[1]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**53


def _at(item: Mapping[str, Any], path: str) -> Any:
    first, _, rest = path.partition(".")
    value = item.get(first)
    return (_at(value, rest) if isinstance(value, Mapping) else None) if rest else value


def suite_of(item: Mapping[str, Any]) -> str:
    found = _at(item, "eval.suite")
    return found if isinstance(found, str) else ""


def suites(body: Mapping[str, Any]) -> set[str]:
    """The suites that its evidence is from."""
    return {name for item in body.get("evidence", []) if (name := suite_of(item))}
