"""Papers: what is known of one commit, in the forms that others read. Pure: facts in, text out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from hub.governance.exports import croissant, cyclonedx, eu, spdx
from hub.governance.exports.facts import Facts

_BOTH = ("model", "dataset")


@dataclass(frozen=True)
class Format:
    """One paper: what it is called, for which kinds, and how it is written."""

    id: str
    label: str
    about: str
    media_type: str
    extension: str
    write: Callable[[Facts], bytes]
    kinds: tuple[str, ...] = _BOTH


def _json(make: Callable[[Facts], Any]) -> Callable[[Facts], bytes]:
    return lambda facts: orjson.dumps(make(facts), option=orjson.OPT_INDENT_2)


def _markdown(make: Callable[[Facts], eu.Form]) -> Callable[[Facts], bytes]:
    return lambda facts: eu.as_markdown(make(facts)).encode()


def _form_json(make: Callable[[Facts], eu.Form]) -> Callable[[Facts], bytes]:
    return _json(lambda facts: eu.as_json(make(facts)))


_MODEL = ("model",)
_JSON, _LD, _MARKDOWN = "application/json", "application/ld+json", "text/markdown; charset=utf-8"
_FORMS = (
    ("eu-documentation", "EU documentation form", "Annexes XI and XII of the AI Act.", eu.documentation),
    ("eu-summary", "EU training-content summary", "Article 53(1)(d) of the AI Act.", eu.summary),
)
FORMATS: dict[str, Format] = {
    each.id: each
    for each in (
        Format(
            "cyclonedx",
            "CycloneDX 1.7 ML-BOM",
            "Files, licences, origins and review, for tools that read bills of materials.",
            "application/vnd.cyclonedx+json; version=1.7",
            "cdx.json",
            _json(cyclonedx.checked),
        ),
        Format(
            "spdx", "SPDX 3.0", "The same with the profiles AI and Dataset.", _LD, "spdx.json", _json(spdx.document)
        ),
        Format(
            "croissant",
            "Croissant 1.1",
            "The files of a data set.",
            _LD,
            "json",
            _json(croissant.document),
            ("dataset",),
        ),
        *(Format(id, label, about, _MARKDOWN, "md", _markdown(make), _MODEL) for id, label, about, make in _FORMS),
        *(
            Format(
                f"{id}-json",
                f"{label} as JSON",
                about,
                _JSON,
                "json",
                _form_json(make),
                _MODEL,
            )
            for id, label, about, make in _FORMS
        ),
    )
}
