"""What a repository was made from, as its card and its files name it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hub.catalog.addresses import split
from hub.catalog.card import texts
from hub.catalog.models import Ancestor, RepoKind
from hub.catalog.results import Reported

MAX_ANCESTORS = 500
_MAX_NAME = 200
_MAX_REVISION = 255
_QUANTISED = frozenset({"gguf", "gptq", "awq", "exl2", "aqlm", "quantized", "quantised", "4-bit", "8-bit"})
_EXTENDED = re.compile(r"extended\|(.+)", re.I)
_NO_SOURCE = frozenset({"original", "extended", "other"})
Relation = Ancestor.Relation
_STATED = {
    str(relation): relation for relation in (Relation.FINETUNE, Relation.ADAPTER, Relation.MERGE, Relation.QUANTIZED)
}


@dataclass(frozen=True)
class Named:
    """A thing that a card names; `is_inferred`: the card doesn't say in which relation, its files do."""

    kind: str
    relation: str
    name: str
    revision: str = ""
    is_inferred: bool = False

    @property
    def key(self) -> str:
        return self.name.lower()


def named_ancestors(
    kind: str, metadata: dict[str, Any], files: Iterable[str], results: Iterable[Reported]
) -> tuple[Named, ...]:
    """Without doubles, in the card's order: bases, then data. `base_model: owner/name@revision` names a revision too,
    and an address on the public hub or this one is the name that it leads to.

    Where the card gives no relation to its base, it is inferred as the public hub does.
    """
    found = _of_data_set(metadata) if kind == RepoKind.DATASET else _of_model(metadata, files, results)
    unique: dict[tuple[str, str, str], Named] = {}
    for named in found:
        if named.name and len(named.name) <= _MAX_NAME and len(named.key) <= _MAX_NAME:
            unique.setdefault((named.kind, named.relation, named.key), named)
        if len(unique) == MAX_ANCESTORS:
            break
    return tuple(unique.values())


def relation_of(metadata: dict[str, Any], files: Iterable[str]) -> tuple[str, bool]:
    """(relation to the base, whether that is inferred): an adapter by its config, a merge by several bases,
    a quantised copy by its files and tags, else a fine-tune."""
    stated = _STATED.get(next(iter(texts(metadata.get("base_model_relation"))), "").lower())
    return (stated, False) if stated else (_inferred(metadata, list(files)), True)


def _inferred(metadata: dict[str, Any], files: list[str]) -> str:
    if "adapter_config.json" in files:
        return Relation.ADAPTER
    if len(texts(metadata.get("base_model"))) > 1:
        return Relation.MERGE
    tags = {tag.lower() for tag in texts(metadata.get("tags"))}
    if tags & _QUANTISED or any(path.lower().endswith(".gguf") for path in files):
        return Relation.QUANTIZED
    return Relation.FINETUNE


def _of_model(metadata: dict[str, Any], files: Iterable[str], results: Iterable[Reported]) -> Iterator[Named]:
    bases = texts(metadata.get("base_model"))
    relation, is_inferred = relation_of(metadata, files) if bases else ("", False)
    for text in bases:
        name, revision = _split(text, RepoKind.MODEL)
        yield Named(RepoKind.MODEL, relation, name, revision, is_inferred)
    for text in texts(metadata.get("datasets")):
        name, revision = _split(text, RepoKind.DATASET)
        yield Named(RepoKind.DATASET, Relation.TRAINED_ON, name, revision)
    for result in results:
        yield Named(RepoKind.DATASET, Relation.EVALUATED_ON, result.dataset, result.revision)


def _of_data_set(metadata: dict[str, Any]) -> Iterator[Named]:
    for text in texts(metadata.get("source_datasets")):
        extended = _EXTENDED.fullmatch(text)
        name, revision = _split(extended[1] if extended else text, RepoKind.DATASET)
        if name.lower() not in _NO_SOURCE:
            yield Named(RepoKind.DATASET, Relation.SOURCE, name, revision)


def _split(text: str, kind: str) -> tuple[str, str]:
    name, revision = split(text, kind)
    return name, revision if len(revision) <= _MAX_REVISION else ""
