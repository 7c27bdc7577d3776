"""The sections that a good card has, by what their headings say; which of them a card has, and which it lacks.

They follow the model cards and data cards that people know from other hubs.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from hub.web import markdown

MAX_QUOTE = 6_000
# (level, heading, text under it), as `markdown.outline` gives them.
Outline = list[tuple[int, str, str]]


@dataclass(frozen=True)
class Section:
    """`fields` are names in the card's metadata that say it as well."""

    key: str
    label: str
    about: str
    heading: re.Pattern[str]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quote:
    """A section of the card as it stands there."""

    heading: str
    url: str
    html: SafeString
    is_cut: bool


def _section(key: str, label: str, about: str, heading: str, *fields: str) -> Section:
    return Section(key, label, about, re.compile(heading, re.I), fields)


USE = _section("use", "Intended use", "what it is for", r"intended use|direct use|^uses?$|intended purpose|use cases")
OUT_OF_SCOPE = _section(
    "out-of-scope",
    "Out-of-scope use",
    "what it must not be used for",
    r"out[- ]of[- ]scope|misuse|not (be )?use|unsuitable",
)
LIMITS = _section("limits", "Limitations", "where it fails", r"limits?\b|limitation|caveat|weakness|fails?\b")
BIAS = _section(
    "bias", "Bias and risks", "whom it treats worse, what harm it may do", r"bias|risk|fairness|social impact"
)
HOW = _section(
    "how", "How to use it", "the lines that load it", r"how to|usage|get(ting)? started|quick ?start|examples?$"
)
CITATION = _section(
    "citation", "Citation", "how to name it, and who made it", r"citation|cite|bibtex|^authors?$", "paper"
)
LICENCE = _section("licence", "Licence", "what you may do with it", r"licen[cs]", "license")
MODEL = (
    USE,
    OUT_OF_SCOPE,
    _section(
        "data",
        "Training data",
        "what it learned from",
        r"training (and evaluation )?data|training datasets?|^data( ?sets?)?$",
        "datasets",
    ),
    _section(
        "training",
        "How it was trained",
        "recipe, settings, hardware",
        r"training (proc|details|hyper|recipe|setup)|^training$|fine-?tun",
    ),
    _section(
        "evaluation",
        "Evaluation",
        "how good it is, and on what",
        r"evaluat|results|benchmark|performance",
        "model-index",
    ),
    LIMITS,
    BIAS,
    HOW,
    LICENCE,
    CITATION,
)
DATASET = (
    _section(
        "summary",
        "What it holds",
        "one row, the columns, the splits",
        r"summary|description|structure|fields|instances|what it holds|columns",
    ),
    _section(
        "collection",
        "Where the data come from",
        "who collected them, when and how",
        r"source|collect|curation|creation|where the data come|provenance",
    ),
    _section("annotation", "Annotations", "who labelled it, by what rules", r"annotat|label", "annotations_creators"),
    _section(
        "people", "Personal data", "people in it, and whether they agreed", r"personal|sensitive|privacy|consent|anonym"
    ),
    USE,
    OUT_OF_SCOPE,
    LIMITS,
    BIAS,
    LICENCE,
    CITATION,
)


def of_kind(kind: str) -> tuple[Section, ...]:
    return DATASET if kind == "dataset" else MODEL


def missing(kind: str, outline: Outline, metadata: dict[str, Any]) -> tuple[Section, ...]:
    """Those that neither a heading with text under it nor a field of the metadata covers."""
    return tuple(section for section in of_kind(kind) if not _is_there(section, outline, metadata))


def _is_there(section: Section, outline: Outline, metadata: dict[str, Any]) -> bool:
    stated = metadata.get("headstart")
    own = {"use": "intended_use", "data": "training_data", "bias": "known_biases", "collection": "training_data"}
    if isinstance(stated, dict) and stated.get(own.get(section.key, "")):
        return True
    if any(metadata.get(name) for name in section.fields):
        return True
    return any(section.heading.search(heading) and body for _, heading, body in outline)


def quotes(
    pattern: re.Pattern[str], outline: Outline, base: markdown.Base, url: str, most: int = 3
) -> tuple[Quote, ...]:
    """The card's sections of that heading, rendered. A section inside of one that is quoted isn't quoted again."""
    found: list[Quote] = []
    inside = 0
    for level, heading, body in outline:
        if inside and level > inside:
            continue
        inside = 0
        if pattern.search(heading) and body and len(found) < most:
            inside = level
            found.append(_quote(heading, body, base, url))
    return tuple(found)


def _quote(heading: str, body: str, base: markdown.Base, url: str) -> Quote:
    text = body if len(body) <= MAX_QUOTE else body[:MAX_QUOTE].rpartition("\n")[0] or body[:MAX_QUOTE]
    html = markdown.render(text, markdown.Base(base.kind, base.full_name, base.revision, base.folder, is_quote=True))
    return Quote(heading, f"{url}#{markdown.anchor(heading)}", html, len(text) < len(body))
