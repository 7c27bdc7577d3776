"""What is wrong with a card, field by field, for whoever edits it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.catalog import vocabularies
from hub.catalog.card import parse_card, texts

_NAMED = re.compile(r'"([A-Za-z_-]+)')
_LICENCE = "This is no licence that cards may name. Choose one, or “other” and say its name."


@dataclass(frozen=True)
class Fault:
    """`field` is a name of the metadata block, empty where the fault is not in one of them."""

    field: str
    message: str
    is_error: bool = False


def faults_of(text: str, kind: str) -> tuple[Fault, ...]:
    """Errors first, by the rules that a push is checked with; then words that no filter of this hub knows."""
    parsed = parse_card(text)
    errors = [_fault(message, is_error=True) for message in parsed.errors]
    warnings = [_fault(message) for message in parsed.warnings]
    return (*errors, *warnings, *_unknown_words(parsed.metadata, kind))


def _fault(message: str, *, is_error: bool = False) -> Fault:
    # A card without any metadata lacks that first of all.
    if message.startswith(("No license is stated", "empty or missing yaml")):
        return Fault("license", "Nobody knows whether they may use this until a licence is stated.")
    found = _NAMED.match(message)
    field = found[1] if found else ""
    # The rule names all hundred of them; the form lists them already.
    return Fault(field, _LICENCE if field == "license" and is_error else message, is_error)


def _unknown_words(metadata: dict[str, Any], kind: str) -> Iterator[Fault]:
    for name in ("pipeline_tag",) if kind == "model" else ("task_categories",):
        for task in texts(metadata.get(name)):
            if task not in vocabularies.tasks():
                yield Fault(name, f"“{task}” is no task that this hub knows: no filter finds it.")
    for language in texts(metadata.get("language")):
        if language.lower().partition("-")[0] not in vocabularies.languages() and language != "multilingual":
            yield Fault("language", f"“{language}” is no language code that this hub knows, such as en or de.")
