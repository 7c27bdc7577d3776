"""What a card states of licences: its own, and those of what it was made from."""

import re
from dataclasses import dataclass, replace
from typing import Any

from hub.catalog import vocabularies
from hub.catalog.addresses import split
from hub.catalog.ancestry import named_ancestors
from hub.catalog.card import texts
from hub.governance.licences.ancestry import DERIVED
from hub.governance.licences.expressions import alternatives
from hub.governance.licences.table import Table

MAX_SOURCES = 200
OTHER = "other"
_NAME = re.compile(r'"base_model_name_or_path"\s*:\s*"([\w.-]{1,96}/[\w.-]{1,96})"')
_TAGS = ("trained_on_outputs_of:", "distilled_from:")
_CONVERTED = ("converted", "conversion")
_NOT_A_SOURCE = "evaluated-on"


@dataclass(frozen=True)
class Source:
    """Something that the card names. `licence`: what the card says of it, for what this hub doesn't have.
    `settled`: that it needs none, and why."""

    kind: str
    relation: str
    name: str
    licence: str = ""
    revision: str = ""
    settled: str = ""


@dataclass(frozen=True)
class Stated:
    declared: str
    name: str
    link: str
    modality: str
    sources: tuple[Source, ...]


def stated(kind: str, metadata: dict[str, Any], files: list[str], table: Table) -> Stated:
    """`license`, or the name beside `license: other` where the table knows it. Several licences hold together."""
    name, link = _first(metadata, "license_name"), _first(metadata, "license_link")
    return Stated(
        declared=_declared(texts(metadata.get("license")), name, table),
        name=name[:200],
        link=link[:500],
        modality=vocabularies.modality_of(_first(metadata, "pipeline_tag")),
        sources=tuple(_sources(kind, metadata, files))[:MAX_SOURCES],
    )


def with_adapter(said: Stated, config: str) -> Stated:
    """An adapter whose card names no model is made from the one that its `adapter_config.json` names."""
    found = _NAME.search(config)
    if found is None or any(each.kind == "model" and each.relation in DERIVED for each in said.sources):
        return said
    return replace(said, sources=(Source("model", "adapter", found[1]), *said.sources))


def with_origin(said: Stated, kind: str, name: str, revision: str) -> Stated:
    """A copy is made from what it was copied from, whatever its card names; `name` is empty for what is none."""
    return replace(said, sources=(Source(kind, "copy", name, "", revision), *said.sources)) if name else said


def _declared(names: list[str], own_name: str, table: Table) -> str:
    if [name.lower() for name in names] == [OTHER]:
        is_named = own_name and all(each.is_known for each in alternatives(own_name, table)[0])
        return own_name if is_named else OTHER
    return f"({') AND ('.join(names)})" if len(names) > 1 else (names[0] if names else "")


def _sources(kind: str, metadata: dict[str, Any], files: list[str]) -> list[Source]:
    block = metadata.get("headstart")
    own = block if isinstance(block, dict) else {}
    licences = _licences_of(own)
    is_converted = _first(metadata, "base_model_relation").lower() in _CONVERTED
    found = []
    for each in named_ancestors(kind, metadata, files, ()):
        relation = "converted" if is_converted and each.kind == "model" else each.relation
        if relation != _NOT_A_SOURCE:
            found.append(Source(each.kind, relation, each.name, licences.get(each.key, ""), each.revision))
    known = {(each.kind, each.name.lower()) for each in found}
    found += [each for each in _records(kind, own) if (each.kind, each.name.lower()) not in known]
    found += [Source("model", "outputs", name, licences.get(name.lower(), "")) for name in _teachers(metadata, own)]
    if code := _first(own, "training_code_licence"):
        found.append(Source("model", "code", "its training code", code))
    return found


def _licences_of(own: dict[str, Any]) -> dict[str, str]:
    """`headstart.licences_of` (name to licence), and the records on training data."""
    stated_ = own.get("licences_of")
    pairs = stated_.items() if isinstance(stated_, dict) else ()
    named = {str(name).lower(): text for name, value in pairs for text in texts(value)[:1]}
    records = {name.lower(): licence for name, licence, _ in _data(own) if licence}
    return {**records, **named}


def _records(kind: str, own: dict[str, Any]) -> list[Source]:
    relation = "source" if kind == "dataset" else "trained-on"
    return [Source("dataset", relation, name, licence, settled=why) for name, licence, why in _data(own)]


def _data(own: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, licence, why it needs none) of each record that says of which data it is."""
    records = own.get("training_data")
    found = []
    for record in records if isinstance(records, list) else ():
        if isinstance(record, dict) and (name := _data_name(record)):
            licence = record.get("licence")
            licence = licence if isinstance(licence, dict) else {"declared": licence}
            said = _first(licence, "concluded") or _first(licence, "declared")
            is_made = record.get("kind") == "synthetic" and said in ("", "unknown")
            why = "made by a model: the terms on its outputs hold" if is_made and record.get("synthetic") else ""
            found.append((name, said, why))
    return found


def _data_name(record: dict[str, Any]) -> str:
    for name, key in (("dataset", "repo"), ("external", "name")):
        part = record.get(name)
        if isinstance(part, dict) and (text := _first(part, key)):
            return text[:200]
    return ""


def _teachers(metadata: dict[str, Any], own: dict[str, Any]) -> list[str]:
    tagged = [tag[len(start) :] for tag in texts(metadata.get("tags")) for start in _TAGS if tag.startswith(start)]
    written = [name for record in _synthetic(own) for name in record]
    named = [*texts(own.get("trained_on_outputs_of")), *tagged, *written]
    names = (split(name, "model")[0] for name in named)
    return list(dict.fromkeys(name for name in names if 0 < len(name) <= 200))


def _synthetic(own: dict[str, Any]) -> list[list[str]]:
    """The models that wrote synthetic data: `training_data[].synthetic.generators[].model`."""
    records = own.get("training_data")
    parts = (
        [record.get("synthetic") for record in records if isinstance(record, dict)] if isinstance(records, list) else []
    )
    made = [part.get("generators") for part in parts if isinstance(part, dict)]
    return [
        [text for each in generators if isinstance(each, dict) for text in texts(each.get("model"))]
        for generators in made
        if isinstance(generators, list)
    ]


def _first(values: dict[str, Any], name: str) -> str:
    return next(iter(texts(values.get(name))), "")
