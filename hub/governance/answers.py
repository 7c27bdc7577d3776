"""Whether the answers of a form are what its gate asks. Pure."""

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hub.core.text import storable
from hub.governance.gates import BadAnswers, Gate, GateField

MAX_ANSWER = 2_000
_COUNTRIES = Path(__file__).parent / "data" / "countries.csv"


@cache
def countries() -> dict[str, str]:
    """By ISO 3166-1 code, in English."""
    with _COUNTRIES.open(newline="", encoding="utf-8") as file:
        return dict(list(csv.reader(file))[1:])


def checked(gate: Gate, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept: text, or true for a ticked box. Raises `BadAnswers`."""
    faults: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for name in set(answers) - {field.name for field in gate.fields}:
        faults[name] = f"{name[:60]!r} is not asked here."
    for field in gate.fields:
        value, fault = _answer(field, answers.get(field.name))
        if fault:
            faults[field.name] = fault
        elif value not in ("", False):
            kept[field.name] = value
    if faults:
        listed = "; ".join(f"{name[:100]}: {fault}" for name, fault in faults.items())
        raise BadAnswers(f"The form isn't complete. {listed}", faults=faults)
    return kept


def _answer(field: GateField, value: Any) -> tuple[Any, str]:
    """(the answer, what is wrong with it)."""
    if field.type == "checkbox":
        ticked = value is True or str(value).lower() in {"true", "on", "1", "yes"}
        return ticked, "" if ticked or not field.is_required else "Tick it to go on."
    text = storable(str(value or "")).strip()
    if not text:
        return "", "Fill this in." if field.is_required else ""
    if len(text) > MAX_ANSWER:
        return "", f"Use up to {MAX_ANSWER:,} characters."
    return _CHECKS.get(field.type, lambda _field, given: (given, ""))(field, text)


def _date(_field: GateField, text: str) -> tuple[str, str]:
    try:
        return dt.date.fromisoformat(text[:10]).isoformat(), ""
    except ValueError:
        return "", "Write a date as 2026-12-31."


def _country(_field: GateField, text: str) -> tuple[str, str]:
    """By code or by name; the name is what is kept, as owners read it."""
    known = countries()
    found = known.get(text.upper()) or next((name for name in known.values() if name.lower() == text.lower()), "")
    return found, "" if found else "Choose a country of the list, or write its code of two letters."


def _option(field: GateField, text: str) -> tuple[str, str]:
    found = next((value for value, label in field.options if text in (value, label)), "")
    return found, "" if found else f"Choose one of: {', '.join(label for _, label in field.options)}."


_CHECKS = {"date_picker": _date, "country": _country, "select": _option}
