"""A model or data card: the README's metadata block, what is wrong with it, and the tags that follow from it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from hub.catalog.card_rules import check_metadata

MAX_METADATA = 256 * 1024
MAX_DEPTH = 50
MAX_VALUES = 50_000
MAX_TAGS = 500
BLOCK = re.compile(r"\A\ufeff?\s*^---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
# Comments and code; one that never ends takes all that follows, so that no text is searched twice.
_NOT_PROSE = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?(?:^\1[^\n]*$|\Z)", re.S | re.M)
_MAX_PARAGRAPH = 4_000
# Longer lines are read in pieces, so that no text takes long.
_MAX_PIECE = 1_000
# What stands before a heading, a quotation or an item, and between the cells of a table.
_MARKS = re.compile(r"^[ \t]*(?:#{1,6}|>|[-*+]|\d{1,9}[.)])(?=[ \t])|^[ \t]*(?:[-=*_:|][ \t]*){3,}$|\|")
_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})|\barxiv:(\d{4}\.\d{4,5})", re.I)
_TRUE_OR_FALSE = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
# What the parser raises over texts that strangers write, such as `!!bool maybe`, beside its own errors.
_UNREADABLE = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)
_FORMATS = {".safetensors": "safetensors", ".gguf": "gguf", ".onnx": "onnx"}
# Metadata of a data set that clients filter by with the field's name before the value.
_DATASET_FIELDS = ("task_categories", "task_ids", "size_categories", "multilinguality", "annotations_creators")
# Stars and strokes at a word's edge; those inside of one are its own.
_EMPHASIS = re.compile(r"(?<!\w)[*_]+(?=\w)|(?<=\w)[*_]+(?!\w)")


@dataclass(frozen=True)
class ParsedCard:
    """`metadata` is plain JSON data; `errors` and `warnings` are messages for whoever wrote the card."""

    metadata: dict[str, Any] = field(default_factory=dict)
    body: str = ""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def parse_card(text: str) -> ParsedCard:
    """Read and check a card. Never raises: one that can't be read has no metadata, and errors."""
    block = BLOCK.match(text)
    if block is None:
        return ParsedCard({}, text, (), ("empty or missing yaml metadata in repo card",))
    body = text[block.end() :]
    try:
        metadata = _load(block[1])
    except _UNREADABLE as error:
        return ParsedCard({}, body, (f"The metadata block is not valid YAML: {_one_line(error)}",))
    if metadata is None:
        return ParsedCard({}, body, (), ("empty or missing yaml metadata in repo card",))
    if not isinstance(metadata, dict):
        return ParsedCard({}, body, ("The metadata block must map names to values, as in `license: mit`",))
    errors, warnings = check_metadata(metadata)
    return ParsedCard(metadata, body, tuple(errors), tuple(warnings))


def read_yaml(text: str) -> Any:
    """A stranger's YAML as plain JSON data; None for nothing, and for what can't be read."""
    try:
        return _load(text)
    except _UNREADABLE:
        return None


def tags_of(metadata: dict[str, Any], kind: str, files: Iterable[str], body: str = "") -> list[str]:
    """What clients filter by, without doubles: library, formats, task, own tags, languages, and what is named with a
    prefix (`license:`, `dataset:`, `base_model:`, `arxiv:`; for data sets `language:`, `task_categories:` and others).
    """
    get = _getter(metadata)
    formats = {_FORMATS[suffix] for path in files for suffix in _FORMATS if path.lower().endswith(suffix)}
    papers = sorted({old or new for old, new in _ARXIV.findall(body)})
    tags = [*get("library_name"), *sorted(formats), *get("pipeline_tag"), *get("tags")]
    if kind == "dataset":
        tags += [f"{name}:{value}" for name in _DATASET_FIELDS for value in get(name)]
        tags += [f"language:{value}" for value in get("language")]
    else:
        tags += get("language") + [f"dataset:{value}" for value in get("datasets")]
    relation = next(iter(get("base_model_relation")), "")
    for base in get("base_model"):
        tags += [f"base_model:{base}"] + ([f"base_model:{relation}:{base}"] if relation else [])
    tags += [f"arxiv:{paper}" for paper in papers] + [f"license:{value}" for value in get("license")]
    return list(dict.fromkeys(tag for tag in tags if len(tag) <= 200))[:MAX_TAGS]


def texts(value: Any) -> list[str]:
    """A text, or a list of texts, as a list; what is neither is left out."""
    values = value if isinstance(value, list) else [value]
    return [item.strip() for item in values if isinstance(item, str) and item.strip()]


def summary_of(body: str, most: int = 300) -> str:
    """The first paragraph that says something, without its markup."""
    body = _NOT_PROSE.sub("", body[:50_000])
    for paragraph in re.split(r"\n\s*\n", body):
        lines = [line.strip() for line in paragraph.splitlines()]
        lines = [line for line in lines if line and not re.match(r"#|[-=*_]{3,}$|\||<|!\[|\[!\[|>|[-*+] |\d+\. ", line)]
        text = _plain(" ".join(lines)[:_MAX_PARAGRAPH])
        if len(text) >= 20 and re.search(r"\w{2}", text):
            return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
    return ""


def prose_of(body: str, most: int = 20_000) -> str:
    """All that it says to readers, line by line, without markup, code and comments."""
    lines = _NOT_PROSE.sub("", body[: most * 3]).splitlines()
    pieces = (line[at : at + _MAX_PIECE] for line in lines for at in range(0, len(line), _MAX_PIECE))
    said = (_EMPHASIS.sub("", _plain(_MARKS.sub(" ", piece))) for piece in pieces)
    return "\n".join(line for line in said if line)[:most]


def _plain(text: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]*>", "", text)
    text = re.sub(r"(\*\*|__|`)", "", text)
    return re.sub(r"\s+", " ", text.replace("\0", " ")).strip(" *_")


def _getter(metadata: dict[str, Any]) -> Any:
    return lambda name: texts(metadata.get(name))


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's idea of plain values, as the public hub has it: `no` is Norwegian, and a date stays as written."""

    _merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge what `<<` names; merges of merges must not explode."""
        super().flatten_mapping(node)
        self._merged += len(node.value)
        if self._merged > MAX_VALUES:
            raise ValueError(f"it has more than {MAX_VALUES:,} values, counting what `<<` merges")

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
        ]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _number(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """Reading a number takes the square of its length; a long one is none."""
    if len(str(node.value)) > 400:
        raise ValueError("it has a number of more than 400 characters")
    is_int = node.tag.endswith(":int")
    return loader.construct_yaml_int(node) if is_int else loader.construct_yaml_float(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUE_OR_FALSE, list("tTfF"))


def _load(text: str) -> Any:
    if len(text) > MAX_METADATA:
        raise ValueError(f"it is longer than {MAX_METADATA // 1024} KiB")
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError(f"it is nested more than {MAX_DEPTH} deep")
    return _Values().plain(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader


class _Values:
    """Turns YAML values into JSON values, and stops where aliases would make them explode."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def plain(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            raise ValueError(f"it has more than {MAX_VALUES:,} values, counting each use of an alias")
        if isinstance(value, dict):
            return {str(self.plain(key, depth + 1)): self.plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.plain(item, depth + 1) for item in value]
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return value if -(1 << 53) < value < 1 << 53 else _long(value)
        return str(value).replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _long(value: int) -> str:
    """A number that not every reader of JSON can hold, as text."""
    if value.bit_length() > 1024:
        raise ValueError("it has a number of more than 300 digits")
    return str(value)


def _one_line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:300]
