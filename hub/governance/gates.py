"""What a gate asks: the `extra_gated_…` keys of a card, and whether answers are what it asks for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.core.errors import InvalidInput
from hub.core.text import storable

MAX_FIELDS = 50
MAX_PROMPT = 20_000
TYPES = ("text", "checkbox", "date_picker", "country", "select")


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
