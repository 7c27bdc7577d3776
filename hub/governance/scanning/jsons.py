"""JSON: fine as it is, but for keys by which a loader runs code, and for templates."""

import json
import re
from collections.abc import Callable
from typing import Any

from hub.governance.scanning.findings import Findings, NotUnderstood
from hub.governance.scanning.keras import check_made
from hub.governance.scanning.limits import MAX_JSON_DEPTH
from hub.governance.scanning.templates import check_template

# Keys by which libraries load code from the repository.
_REMOTE = ("auto_map", "custom_pipeline", "custom_pipelines", "trust_remote_code")
_TEMPLATE = "chat_template"
_MADE = frozenset({"module", "class_name"})
# Without one of these keys, or a letter that is written as a number, no object in it says anything.
_SPEAKS = re.compile(rf'"({"|".join((*_REMOTE, _TEMPLATE, "template", *_MADE))})"|\\u00[4-7]')
_DEPTHS = tuple((depth,) for depth in range(MAX_JSON_DEPTH + 1))


def scan_json(text: str, found: Findings) -> None:
    """One value, or one a line. Looks into every level for what loads code."""
    found.form = "json"
    try:
        if _SPEAKS.search(text):
            _look(_parsed(text, _Pairs), found, 0, "")
        else:
            _checked(_depth(_parsed(text, _forgotten)))
    except RecursionError as error:
        raise NotUnderstood("it is JSON nested too deep") from error


def _parsed(text: str, kept: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    try:
        return json.loads(text, object_pairs_hook=kept)
    except ValueError as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise NotUnderstood("it is no JSON") from error
        try:
            return [json.loads(line, object_pairs_hook=kept) for line in lines]
        except ValueError:
            raise NotUnderstood("it is no JSON") from error


class _Pairs(list[tuple[str, Any]]):
    """An object with all its keys, those that come twice as well."""


def _forgotten(pairs: list[tuple[str, Any]]) -> tuple[int]:
    """Of an object that says nothing, how deep it is: millions of them take no room."""
    deepest = 0
    for _, value in pairs:
        if type(value) in (list, tuple):
            deepest = max(deepest, _depth(value))
    return _DEPTHS[_checked(deepest + 1)]


def _depth(value: Any) -> int:
    if type(value) is tuple:
        return int(value[0])
    return 1 + max(map(_depth, value), default=0) if type(value) is list else 0


def _checked(depth: int) -> int:
    if depth > MAX_JSON_DEPTH:
        raise NotUnderstood("it is JSON nested too deep")
    return depth


def _look(value: Any, found: Findings, depth: int, key: str) -> None:
    _checked(depth)
    if isinstance(value, _Pairs):
        _look_at_object(value, found)
        for name, inner in value:
            _look(inner, found, depth + 1, key if key == _TEMPLATE else name)
    elif isinstance(value, list):
        for inner in value:
            _look(inner, found, depth + 1, key)
    elif isinstance(value, str) and (key == _TEMPLATE or (key == "template" and "{" in value)):
        check_template("its chat template", value, found)


def _look_at_object(pairs: _Pairs, found: Findings) -> None:
    if any(name in _MADE for name, _ in pairs):
        check_made(dict(pairs), found)
    for name, value in pairs:
        if name in _REMOTE and value:
            found.is_code = True
            found.reasons.append(f"{name} makes a loader run code of the repository") if not found.reasons else None
