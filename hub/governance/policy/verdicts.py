"""What all rules together say under some facts: a list of findings, each with its mode."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.policy import engine
from hub.governance.policy.paths import value_at
from hub.governance.policy.rules import RuleAt

OFF, MONITOR, WARN, ENFORCE = "off", "monitor", "warn", "enforce"
_PLACE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)*)\}")


@dataclass(frozen=True)
class Finding:
    """A rule that would deny: `mode` is what comes of that, `message` and `mend` are for the person who pulls."""

    rule: RuleAt
    mode: str
    unknown: tuple[str, ...]
    message: str
    mend: str


def judge(rules: Iterable[RuleAt], facts: Mapping[str, Any], mode_of: Callable[[RuleAt], str]) -> tuple[Finding, ...]:
    """Evaluate those that are not off; in their order, those that say no."""
    within = engine.environment(facts)
    found = []
    for rule in rules:
        if (mode := mode_of(rule)) == OFF:
            continue
        answer = engine.evaluate(rule.expression, facts, within)
        if answer.holds:
            found.append(_finding(rule, _graced(rule, mode, facts), answer.unknown, facts))
    return tuple(found)


def said(template: str, facts: Mapping[str, Any]) -> str:
    """The template with its places filled: lists with commas, nothing as "unknown"."""
    return _PLACE.sub(lambda place: _word(value_at(facts, place[1])), template)


def _finding(rule: RuleAt, mode: str, unknown: tuple[str, ...], facts: Mapping[str, Any]) -> Finding:
    text = f"unknown: {', '.join(unknown)}" if unknown else said(rule.message, facts).strip()
    return Finding(rule, mode, unknown, text, said(rule.mend, facts))


def _graced(rule: RuleAt, mode: str, facts: Mapping[str, Any]) -> str:
    ended, now = value_at(facts, "rev.expires_at"), facts.get("now")
    if mode != ENFORCE or not rule.grace_days or not isinstance(ended, dt.datetime) or not isinstance(now, dt.datetime):
        return mode
    return WARN if now <= ended + dt.timedelta(days=rule.grace_days) else mode


def _word(value: Any) -> str:
    if value is None or value == "":
        return "unknown"
    if isinstance(value, list):
        return ", ".join(_word(item) for item in value) or "none"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}"
    return str(value)
