"""The sources of a data record by their names: in the record they are `ds1`, which says nothing to a reader."""

from collections.abc import Mapping
from typing import Any

from hub.governance.records.completeness import name_of
from hub.governance.records.schema import get

NAMES = ("dataset.repo", "external.name")


def title_of(source: Mapping[str, Any]) -> str:
    name = next((text for path in NAMES if isinstance(text := get(source, path), str)), "")
    return name or f"Unnamed source {name_of(source)}"


def named(gap: str, body: Mapping[str, Any]) -> str:
    """`ds1: Consent: Basis` as `owner/data: Consent: Basis`."""
    key, colon, rest = gap.partition(": ")
    titles = {name_of(source): title_of(source) for source in body.get("training_data", ())}
    return f"{titles.get(key, key)}{colon}{rest}"
