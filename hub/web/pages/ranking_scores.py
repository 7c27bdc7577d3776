"""Numbers of a ranking as its worker told them, read with care."""

from collections.abc import Sequence
from typing import Any

from hub.web.pages import words


def score(told: Any, name: str) -> dict[str, Any]:
    """Its numbers; empty where the worker told none."""
    found = told.get(name)
    kept = found if isinstance(found, dict) else {}
    return {each: value for each, value in kept.items() if isinstance(value, int | float)}


def chart(found: Sequence[Any]) -> dict[str, Any] | None:
    shown = [(str(each.get("model", "")), score(each, "linear_probe")) for each in found]
    shown = [(name, probe) for name, probe in shown if "value" in probe][:15]
    series = {"label": "Linear probe", "data": [probe["value"] for _, probe in shown]}
    return {"labels": [words.in_lines(name) for name, _ in shown], "series": [series]} if len(shown) > 1 else None


def best(rows: Sequence[Any]) -> str:
    """In a sentence."""
    first = [each.model.label for each in rows if each.rank.partition(" ")[0] == "1"]
    if not first:
        return "None of these models can be read for these data."
    if len(first) == 1:
        return f"{first[0]} promises most."
    return f"{words.listed(first[:5])} promise most; which of them is better may be chance."
