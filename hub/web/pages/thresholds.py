"""The thresholds of severity: everyone may read them, administrators change them."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.errors import InvalidRecord
from hub.governance.records.schema import Field, Problem
from hub.governance.records.severity import DEFAULTS
from hub.governance.selectors.findings import thresholds
from hub.governance.services import thresholds as services
from hub.web.pages import record_fields
from hub.web.pages.record_fields import FieldRow

_WORDS = {"low": "low from", "medium": "medium from", "high": "high from", "p": "p below", "note": "noted above"}
_FIELDS = tuple(
    Field(f"{kind}.{name}", f"{default['label']}: {'medium below' if kind == 'ratio' else _WORDS[name]}", "number")
    for kind, default in DEFAULTS.items()
    for name in default
    if name in _WORDS
)


@dataclass(frozen=True)
class ThresholdsPage:
    title: str
    rows: tuple[FieldRow, ...]
    facts: tuple[tuple[str, str], ...]
    may_change: bool
    reason: str
    problems: tuple[str, ...]
    is_done: bool = False


def act(viewer: Viewer, sent: Any) -> ThresholdsPage:
    """Shown; or changed, or refused with reasons."""
    held = thresholds()
    typed = dict(record_fields.read(_FIELDS, sent).record) if sent else held
    problems: list[Problem] = []
    if sent:
        try:
            services.change(by=viewer, body=typed, reason=str(sent.get("reason", "")))
        except InvalidRecord as error:
            problems = [Problem(*each) for each in error.detail["problems"]]
    return ThresholdsPage(
        title="Severity thresholds",
        rows=tuple(record_fields.rows(_FIELDS, typed, problems=problems)),
        facts=tuple((row.label, row.value) for row in record_fields.rows(_FIELDS, held)),
        may_change=viewer.is_admin,
        reason=str(sent.get("reason", "")) if sent else "",
        problems=tuple(f"{each.path}: {each.message}" for each in problems),
        is_done=bool(sent) and not problems,
    )
