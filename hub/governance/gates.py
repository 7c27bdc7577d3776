"""What a gate asks: the `extra_gated_…` keys of a card, and whether answers are what it asks for. Pure."""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hub.core.errors import InvalidInput
from hub.core.text import storable

MAX_FIELDS = 50
MAX_ANSWER = 2_000
MAX_PROMPT = 20_000
TYPES = ("text", "checkbox", "date_picker", "country", "select")
_COUNTRIES = Path(__file__).parent / "data" / "countries.csv"


@dataclass(frozen=True)
class GateField:
    """One question. `type` is one of `TYPES`; `options` are (value, label), for a select alone."""

    name: str
    type: str
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = True


@dataclass(frozen=True)
class Gate:
    """What is shown to whoever asks, and asked of them. Empty texts: the card says none."""

    heading: str = ""
    prompt: str = ""
    description: str = ""
    button: str = ""
    fields: tuple[GateField, ...] = ()


class BadAnswers(InvalidInput):
    """The form isn't filled in as the gate asks. `detail["faults"]` has a sentence by the name of each field."""

    code = "bad_answers"


@cache
def countries() -> dict[str, str]:
    """By ISO 3166-1 code, in English."""
    with _COUNTRIES.open(newline="", encoding="utf-8") as file:
        return dict(list(csv.reader(file))[1:])


def gate_of(metadata: Mapping[str, Any]) -> Gate:
    """From a card's metadata; a field of an unknown type is asked as text, what can't be read is left out."""
    said = metadata.get("extra_gated_fields")
    # The key's value is a mapping; cards also have it as a list of such.
    parts = said if isinstance(said, list) else [said]
    pairs = [pair for part in parts if isinstance(part, dict) for pair in part.items()]
    fields = {name.strip(): told for name, told in pairs if isinstance(name, str) and name.strip()}
    return Gate(
        heading=_text(metadata, "heading", 200),
        prompt=_text(metadata, "prompt", MAX_PROMPT),
        description=_text(metadata, "description", MAX_PROMPT),
        button=_text(metadata, "button_content", 60),
        fields=tuple(_field(name, told) for name, told in list(fields.items())[:MAX_FIELDS]),
    )


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


def _field(name: str, told: Any) -> GateField:
    """`told` is a type, or {type, options, required}."""
    given = told if isinstance(told, dict) else {"type": told}
    kind = str(given.get("type") or "text")
    options = given.get("options")
    found = tuple(filter(None, map(_choice, options))) if isinstance(options, list) else ()
    if kind not in TYPES or (kind == "select" and not found):
        kind = "text"
    return GateField(storable(name)[:300], kind, found if kind == "select" else (), given.get("required") is not False)


def _choice(option: Any) -> tuple[str, str] | None:
    """A text, or {label, value}."""
    if isinstance(option, dict):
        value, label = option.get("value"), option.get("label")
        option, label = (value or label), (label or value)
        return (str(option)[:200], str(label)[:200]) if option else None
    return (str(option)[:200], str(option)[:200]) if option not in (None, "") else None


def _text(metadata: Mapping[str, Any], name: str, most: int) -> str:
    value = metadata.get(f"extra_gated_{name}")
    return value.strip()[:most] if isinstance(value, str) else ""
