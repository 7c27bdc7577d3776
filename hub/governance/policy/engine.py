"""Evaluate one expression of CEL, the Common Expression Language: true, false, or a fact is missing; it never raises.

CEL has no loops, so an expression ends; what could still grow (length, nesting, macros over lists) is bounded when
it is compiled, and `context` bounds the lists.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cel

from hub.core.errors import InvalidInput
from hub.governance.policy.paths import ROOTS, missing, without_texts

MOST_CHARACTERS = 1_000
MOST_MACROS = 3
MOST_NESTED = 20
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(")
_BOUND = re.compile(_MACRO.pattern + r"\s*(\w+)\s*,")


class BadExpression(InvalidInput):
    """The expression can't be a rule."""

    code = "bad_expression"


@dataclass(frozen=True)
class Answer:
    """`holds`: the expression is true. `unknown`: paths of facts that it takes and that are not there."""

    holds: bool
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def program(expression: str) -> Any:
    """The compiled expression; `BadExpression` says what is wrong with it."""
    _check_size(expression)
    try:
        made = cel.compile(expression)
    except ValueError as error:
        raise BadExpression(f"The expression doesn't read as CEL: {str(error).splitlines()[0][:300]}") from error
    if strange := sorted(set(made.variables()) - set(ROOTS) - set(_BOUND.findall(expression))):
        raise BadExpression(f"{strange[0]!r} is no fact. The facts are: {', '.join(ROOTS)}.")
    return made


def environment(facts: Mapping[str, Any]) -> cel.Context:
    """The facts as CEL takes them; made once for all rules of a decision, used by one thread."""
    return cel.Context(dict(facts))


def evaluate(expression: str, facts: Mapping[str, Any], within: cel.Context | None = None) -> Answer:
    """What the expression says under these facts (`within`: the same, made before)."""
    try:
        value = program(expression).execute(within if within is not None else environment(facts))
    except Exception:  # noqa: BLE001 - whatever it lacks, the answer is that it is not known
        return Answer(True, missing(expression, facts) or ("what the rule asks for",))
    if not isinstance(value, bool):
        return Answer(True, ("a yes or no from the rule",))
    return Answer(value)


def _check_size(expression: str) -> None:
    if not expression.strip() or len(expression) > MOST_CHARACTERS:
        raise BadExpression(f"An expression has 1 to {MOST_CHARACTERS:,} characters.")
    code = without_texts(expression)
    if len(_MACRO.findall(code)) > MOST_MACROS:
        raise BadExpression(f"An expression goes over lists {MOST_MACROS} times at most.")
    depth = deepest = 0
    for letter in code:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    if deepest > MOST_NESTED or code.count("!!") > MOST_NESTED or "--" * 4 in code:
        raise BadExpression(f"An expression nests {MOST_NESTED} deep at most.")
