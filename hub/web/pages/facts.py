"""The evidence beside a card: what its metadata and sections state, and plainly what they don't.

Metadata comes from strangers' YAML, so nothing is taken for granted about its shape.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from hub.catalog import vocabularies
from hub.web import markdown
from hub.web.pages import links, words
from hub.web.pages.links import Link

MAX_STATEMENTS = 6
# A dtype below this share of all numbers (a counter, a table of positions) gets no bar of its own.
_SHOWN_SHARE = 0.001
_TRAINING = re.compile(
    r"training (and evaluation )?data|where the data come|training datasets?|^data( ?sets?)?$|source data", re.I
)
_BIAS = re.compile(r"bias|limitation|known limits|risks", re.I)
_USE = re.compile(r"intended use|direct use|^uses?$|intended purpose", re.I)
_SCALAR = (str, int, float)


@dataclass(frozen=True)
class Statement:
    text: str
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Stated:
    """What a card states on one matter. `more_url` leads to the section it was read from."""

    statements: tuple[Statement, ...] = ()
    more_url: str = ""

    def __bool__(self) -> bool:
        return bool(self.statements)

    @property
    def by_source(self) -> list[list[Statement]]:
        """Neighbours with one source together, so that it is named once."""
        return [list(group) for _, group in groupby(self.statements, key=lambda each: each.source)]


@dataclass(frozen=True)
class Licence:
    """`group` is the class of the licence: permissive, copyleft, …"""

    name: str
    url: str = ""
    group: str = ""


@dataclass(frozen=True)
class Share:
    """One part of a whole, for a meter."""

    label: str
    count: int
    text: str


@dataclass(frozen=True)
class Size:
    """`dtypes` has the bars worth drawing; one dtype alone stands in `dtype`."""

    parameters: str
    exact_parameters: int
    dtype: str
    dtypes: tuple[Share, ...]
    files: str
    bytes: str
    # In words; and the page of the weights, empty where there are none.
    memory: str = ""
    url: str = ""


def text_list(value: Any) -> list[str]:
    """A YAML value that may be one text or a list of them, as a list of texts."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, _SCALAR):
        return [str(value)]
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, _SCALAR) and not isinstance(item, bool)]
    return []


def licence(metadata: dict[str, Any], file_url: Callable[[str], str]) -> Licence | None:
    """The licence as the card names it; its link only when it is a web address or a file of the repository."""
    name = licence_name(metadata)
    if not name:
        return None
    link = _licence_url(next(iter(text_list(metadata.get("license_link"))), ""), file_url)
    return Licence(name, link, vocabularies.licence_class(next(iter(text_list(metadata.get("license"))), "")))


def licence_name(metadata: dict[str, Any]) -> str:
    """The identifiers; in place of "other" the name that the card gives."""
    names = text_list(metadata.get("license"))
    given = next(iter(text_list(metadata.get("license_name"))), "")
    return given if given and names and names[0] == "other" else ", ".join(names)


def _licence_url(link: str, file_url: Callable[[str], str]) -> str:
    if link.startswith(("https://", "http://")):
        return link
    return file_url(link) if re.fullmatch(r"[\w.-]+", link) else ""


def stated(
    metadata: dict[str, Any], key: str, sections: list[tuple[int, str, str]], pattern: re.Pattern[str]
) -> Stated:
    """From `headstart.<key>` if the card has it, else from the first section whose heading fits."""
    heading, body = next(
        ((heading, body) for _, heading, body in sections if pattern.search(heading) and body), ("", "")
    )
    more = f"#{markdown.anchor(heading)}" if heading else ""
    block = metadata.get("headstart")
    listed = list(_structured(block.get(key) if isinstance(block, dict) else None))
    if listed:
        return Stated(tuple(listed[:MAX_STATEMENTS]), more)
    return Stated(tuple(Statement(text) for text in markdown.statements(body)), more) if body else Stated()


def _structured(value: Any) -> Iterable[Statement]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield Statement(item)
        elif isinstance(item, dict) and isinstance(item.get("statement"), str):
            source = str(item.get("source") or "")
            yield Statement(item["statement"], source, source if _is_web(source) else "")


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and " " not in address


def training_data(metadata: dict[str, Any], sections: list[tuple[int, str, str]]) -> Stated:
    return stated(metadata, "training_data", sections, _TRAINING)


def biases(metadata: dict[str, Any], sections: list[tuple[int, str, str]]) -> Stated:
    return stated(metadata, "known_biases", sections, _BIAS)


def use(metadata: dict[str, Any], sections: list[tuple[int, str, str]]) -> Stated:
    return stated(metadata, "intended_use", sections, _USE)


def size(parameters: Mapping[str, int], file_count: int, total: int, *, memory: str = "", url: str = "") -> Size:
    """`parameters` counts them by dtype."""
    whole = sum(parameters.values())
    shares = tuple(
        Share(dtype, count, words.short(count))
        for dtype, count in sorted(parameters.items(), key=lambda item: -item[1])
        if count >= whole * _SHOWN_SHARE
    )
    return Size(
        parameters=words.short(whole) if whole else "",
        exact_parameters=whole,
        dtype=shares[0].label if len(shares) == 1 else "",
        dtypes=shares if len(shares) > 1 else (),
        files=words.plural(file_count, "file"),
        bytes=words.size(total),
        memory=memory,
        url=url,
    )


def results(metadata: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """(benchmark, metric, value) of the results in `model-index`."""
    return tuple(_results(metadata.get("model-index")))


def _results(index: Any) -> Iterable[tuple[str, str, str]]:
    for entry in _dicts(index):
        for result in _dicts(entry.get("results")):
            (data,) = _dicts([result.get("dataset")]) or [{}]
            for metric in _dicts(result.get("metrics")):
                value = metric.get("value")
                if isinstance(value, _SCALAR) and not isinstance(value, bool):
                    metric_name = str(metric.get("name") or metric.get("type") or "result")
                    yield str(data.get("name") or data.get("type") or "unnamed data"), metric_name, _figure(value)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _figure(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def base_link(metadata: dict[str, Any], here: dict[tuple[str, str], str]) -> Link | None:
    """The first base model, for a row in a list."""
    name = next(iter(text_list(metadata.get("base_model"))), "")
    if not name:
        return None
    known = here.get(("model", name.lower()))
    return Link(known or name, links.repo_url("model", known) if known else "")
