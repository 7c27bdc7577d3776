"""Cards: a README.md with a block of YAML metadata at its head."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdk._errors import InvalidInputError

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Card:
    """A card's metadata and the text below it."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""

    @property
    def license(self) -> str | None:
        named = self.metadata.get("license")
        if named == "other":
            named = self.metadata.get("license_name") or named
        if isinstance(named, list):
            return ", ".join(str(one) for one in named) or None
        return str(named) if named else None

    def merged(self, metadata: Mapping[str, Any]) -> "Card":
        """This card with these fields set; a field set to None is taken out."""
        both = {**self.metadata, **metadata}
        return Card({key: value for key, value in both.items() if value is not None}, self.text)

    def __str__(self) -> str:
        import yaml

        if not self.metadata:
            return self.text
        block = yaml.safe_dump(dict(self.metadata), sort_keys=False, allow_unicode=True, width=120)
        return f"---\n{block}---\n{self.text}"


def parse_card(text: str) -> Card:
    """Metadata and text; `InvalidInputError` when the metadata block is not a YAML mapping."""
    import yaml

    block = _BLOCK.match(text)
    if block is None:
        return Card({}, text)
    try:
        metadata = yaml.safe_load(block[1]) or {}
    except yaml.YAMLError as error:
        raise InvalidInputError(f"The card's metadata block is not YAML: {error}") from error
    if not isinstance(metadata, dict):
        raise InvalidInputError("The card's metadata block must be a mapping, such as `license: mit`.")
    return Card(metadata, text[block.end() :])


def read_card(path: Path) -> Card:
    """The card in that file; an empty one if there is no file."""
    try:
        return parse_card(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Card()
