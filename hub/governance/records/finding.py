"""What a finding says: a claim on groups, its evidence, how grave it is and what is done about it."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.governance.records import severity
from hub.governance.records.evidence import evidence_problems
from hub.governance.records.schema import Field, Problem, is_stated, problems_of, without_blanks
from hub.governance.records.taxonomies import HARMS, MIT_RISKS, ORIGINS

VISIBILITIES = ("public", "org", "reviewers")
WHERE = ("data", "training", "inference", "policy", "documentation")
FIELDS = (
    Field("title", "What was found"),
    Field("harm.class", "Harm", "choice", tuple(HARMS)),
    Field("harm.mit", "Risk (MIT)", "choice", tuple(MIT_RISKS)),
    Field("harm.origin", "Origin", "choice", tuple(ORIGINS)),
    Field("groups", "Groups", "rows",
          columns=(Field("axis", "Axis"), Field("value", "Group"), Field("vs", "Compared with"),
                   Field("intersect", "And", "list"))),
    Field("context.task", "Task"),
    Field("context.language", "Language"),
    Field("context.domain", "Domain"),
    Field("context.deployment", "Where it is used", "list"),
    Field("severity.level", "Severity", "choice", severity.LEVELS),
    Field("severity.impact", "Impact", "choice", ("1", "2", "3", "4")),
    Field("severity.exposure", "Exposure", "choice", ("1", "2", "3", "4")),
    Field("severity.reversibility", "Reversibility", "choice", ("1", "2", "3")),
    Field("severity.rationale", "Why so"),
    Field("severity.why", "What decides it"),
    Field("mitigation", "What is done", "rows",
          columns=(Field("what", "What"), Field("where", "Where", "choice", WHERE), Field("owner", "Owner"),
                   Field("due", "Due", "date"), Field("verified_by_job", "Verified by"))),
    Field("use_guidance.do_not_use_for", "Do not use it for", "list"),
    Field("use_guidance.safe_if", "Safe if", "list"),
    Field("source", "Where it is reported"),
    Field("owner", "Who looks after it"),
    Field("review_on", "Review it by", "date"),
    Field("visibility", "Who may read it", "choice", VISIBILITIES),
)  # fmt: skip
CLOSED = ("mitigated", "accepted", "refuted", "duplicate")


def checked(value: Any, *, kind: str) -> tuple[dict[str, Any], list[Problem]]:
    """The note without blanks, and all that is wrong with it. A measured one needs its evidence whole."""
    if not isinstance(value, Mapping):
        return {}, [Problem("finding", "is an object.")]
    body = without_blanks(value)
    evidence = body.pop("evidence", [])
    closing = {name: body.pop(name) for name in ("status", "accepted", "closing", "duplicate_of") if name in body}
    problems = list(problems_of(body, FIELDS))
    problems += [Problem(path, said) for path, said in _missing(body)]
    problems += evidence_problems(evidence, is_measured=kind == "measured")
    if kind == "measured" and not evidence:
        problems.append(Problem("evidence", "is missing: a finding without a measurement is reported, not measured."))
    return {**body, **closing, "evidence": evidence}, problems


def _missing(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    harm = body.get("harm")
    if not is_stated(body.get("title")):
        yield "title", "is missing: say in one sentence what was found."
    if not isinstance(harm, Mapping) or not is_stated(harm.get("class")):
        yield "harm.class", "is missing."
    if not is_stated(body.get("groups")):
        yield "groups", "is missing: whom it concerns."
    grades = body.get("severity")
    for name in ("impact", "exposure"):
        if not isinstance(grades, Mapping) or not isinstance(grades.get(name), str):
            yield f"severity.{name}", "is a grade from 1 to 4."


def graded(body: dict[str, Any], thresholds: Mapping[str, Any]) -> dict[str, Any]:
    """The same note with its level: what was asked for, unless the grades or the measurements say more."""
    grades = body["severity"]
    found = severity.level_of(int(grades["impact"]), int(grades["exposure"]), body["evidence"], thresholds)
    asked = str(grades.get("level", "info"))
    level, why = (
        (asked, "set by hand") if severity.rank(asked) > severity.rank(found.level) else (found.level, found.why)
    )
    return {**body, "severity": {**grades, "level": level, "why": why}}
