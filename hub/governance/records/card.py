"""What a card states, as records. What it says in prose is quoted, never taken for a fact."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.catalog import vocabularies
from hub.catalog.card import texts
from hub.governance.records.data import fields_for
from hub.governance.records.schema import get, is_stated, problems_of, put, without_blanks

_MOST = 100
_LONGEST = 2_000
_MODALITIES = {"text": "text", "image": "image", "audio": "audio", "video": "video", "tabular": "tabular"}


def data_record(kind: str, full_name: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Sources that the card names, and what else it says on data as quotes; an empty object where it says nothing."""
    listed = [without_blanks(item) for item in _block(metadata, "training_data") if isinstance(item, Mapping)]
    sources = [source for item in listed if (source := _source(item, kind))]
    quotes = list(_quotes(metadata, "training_data"))
    named = {str(get(source, "dataset.repo")).lower() for source in sources}
    sources += [
        source for source in _named(kind, full_name, metadata) if source["dataset"]["repo"].lower() not in named
    ]
    if len(sources) == 1:
        _fill_single(sources[0], kind, metadata)
    numbered = [{**source, "id": source.get("id", f"ds{number}")} for number, source in enumerate(sources, 1)]
    return {"training_data": numbered, "quotes": quotes} if numbered or quotes else {}


def use_record(metadata: Mapping[str, Any]) -> dict[str, Any]:
    quotes = list(_quotes(metadata, "intended_use"))
    return {"quotes": quotes} if quotes else {}


def known_biases(metadata: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the card says of itself, as (text, source)."""
    return list(_quotes(metadata, "known_biases"))


def _block(metadata: Mapping[str, Any], name: str) -> list[Any]:
    block = metadata.get("headstart")
    found = block.get(name) if isinstance(block, Mapping) else None
    return found[:_MOST] if isinstance(found, list) else [found] if found else []


def _quotes(metadata: Mapping[str, Any], name: str) -> Iterator[dict[str, str]]:
    for item in _block(metadata, name):
        if isinstance(item, str) and item.strip():
            yield {"text": item.strip()[:_LONGEST]}
        elif isinstance(item, Mapping) and isinstance(item.get("statement"), str) and item["statement"].strip():
            quote = {"text": item["statement"].strip()[:_LONGEST], "source": str(item.get("source") or "").strip()}
            yield {key: text for key, text in quote.items() if text}


def _source(item: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The fields of an entry that fit the schema; an entry that is a statement alone gives none."""
    source: dict[str, Any] = {}
    for field in fields_for(kind):
        value = get(item, field.path)
        given: dict[str, Any] = {}
        if is_stated(value) and not (isinstance(value, Mapping) and "measured" in value):
            put(given, field.path, value)
        if given and not list(problems_of(given, [field])):
            put(source, field.path, value)
    if source and isinstance(item.get("id"), str):
        source["id"] = item["id"][:40]
    return source


def _named(kind: str, full_name: str, metadata: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if kind == "dataset":
        yield {"dataset": {"repo": full_name}}
        names = [name for name in texts(metadata.get("source_datasets")) if "/" in name]
    else:
        names = texts(metadata.get("datasets"))
    for name in dict.fromkeys(name.partition("@")[0].strip() for name in names[:_MOST]):
        if name:
            yield {"dataset": {"repo": name[:200]}}


def _fill_single(source: dict[str, Any], kind: str, metadata: Mapping[str, Any]) -> None:
    """What the card says of all its data is said of the only source."""
    if not get(source, "languages") and (codes := _languages(metadata)):
        source["languages"] = [{"code": code} for code in codes]
    if kind != "dataset":
        return
    said = {
        "licence.declared": next(iter(texts(metadata.get("license"))), ""),
        "size.band": next(iter(texts(metadata.get("size_categories"))), ""),
        "modality": _modality(metadata),
    }
    for path, value in said.items():
        if not is_stated(get(source, path)) and value.lower() != "unknown":
            put(source, path, value)


def _languages(metadata: Mapping[str, Any]) -> list[str]:
    known = vocabularies.languages()
    return [code for code in texts(metadata.get("language"))[:_MOST] if code in known]


def _modality(metadata: Mapping[str, Any]) -> str:
    tags = [tag.lower().removeprefix("modality:") for tag in texts(metadata.get("tags"))]
    tasks = texts(metadata.get("task_categories"))
    said = [*tags, *(task.partition("-")[0] for task in tasks)]
    return next((_MODALITIES[word] for word in said if word in _MODALITIES), "")
