"""The rules that ship with the hub, and what a rule is."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent.parent / "data" / "rules.csv"
_ENVIRONMENTS = ("sandbox", "development", "production")


@dataclass(frozen=True)
class RuleAt:
    """One version of a rule. It denies where `expression` is true, or where a fact that it takes is not known.

    `modes` are its defaults by environment. `grace_days`: for so long after `rev.expires_at` it warns only.
    """

    code: str
    stage: str
    title: str
    expression: str
    message: str
    mend: str
    modes: Mapping[str, str] = field(default_factory=dict)
    grace_days: int = 0
    number: int = 0
    by: str = ""

    @property
    def is_shipped(self) -> bool:
        return self.number == 0


@cache
def shipped() -> Mapping[str, RuleAt]:
    """By code, in their order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _rule(row) for row in csv.DictReader(file)}


def _rule(row: Mapping[str, str]) -> RuleAt:
    return RuleAt(
        code=row["code"],
        stage=row["stage"],
        title=row["title"],
        expression=row["expression"],
        message=row["message"],
        mend=row["mend"],
        modes={name: row[name] for name in _ENVIRONMENTS},
        grace_days=int(row["grace_days"]),
    )
