"""What a result says of its surroundings goes to each of its numbers: so it is short."""

import json
from dataclasses import replace
from typing import Any

from workers.contract import MAX_ENVIRONMENT, JobResult

_DEEPEST = 6
_LIMITS = f"{MAX_ENVIRONMENT:,} bytes, {_DEEPEST} levels"
_NOTE = f"What the worker said of its surroundings was not kept: it is longer or deeper than allowed ({_LIMITS})."


def shortened(result: JobResult) -> JobResult:
    """As it is; without its environment, and with a note that says so, where that is too large or too deep."""
    if _is_shallow(result.environment, _DEEPEST) and len(json.dumps(result.environment)) <= MAX_ENVIRONMENT:
        return result
    return replace(result, environment={}, notes=(*result.notes, _NOTE))


def _is_shallow(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)
