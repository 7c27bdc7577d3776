"""Paths to facts, as expressions name them."""

import re
from collections.abc import Mapping
from typing import Any

ROOTS = (
    "subject", "team", "env", "rev", "license", "data", "bias", "scan", "lineage", "waivers", "now", "pull",
    "advisories", "advisory", "approval", "repo",
)  # fmt: skip
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_PATH = re.compile(rf"(?<![\w.])({'|'.join(ROOTS)})\b((?:\.\w+(?!\w*\s*\())*)")
_ASKED = re.compile(r"has\(\s*([\w.]+)\s*\)|([\w.]+)\s*[!=]=\s*null")


def missing(expression: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths in the expression that lead to nothing; those it asks about itself only where it lacks no other."""
    asked = {first or second for first, second in _ASKED.findall(expression)}
    lacking = [path for path in dict.fromkeys(paths_of(expression)) if value_at(facts, path) is None]
    return tuple(path for path in lacking if path not in asked) or tuple(lacking)


def paths_of(expression: str) -> list[str]:
    """Every fact that the expression names, such as `rev.state`."""
    return [root + rest for root, rest in _PATH.findall(without_texts(expression))]


def without_texts(expression: str) -> str:
    """The expression with every text in it empty."""
    return _TEXT.sub('""', expression)


def value_at(facts: Mapping[str, Any], path: str) -> Any:
    """None where the path leads nowhere."""
    value: Any = facts
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value
