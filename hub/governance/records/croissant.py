"""Croissant 1.1 with its RAI vocabulary: a source of a data record as JSON-LD, and back."""

from collections.abc import Iterator, Mapping
from typing import Any

from hub.core.errors import InvalidInput
from hub.governance.records.schema import get, is_stated, plain, put

MAX_SIZE = 2_000_000
CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
# Our field, its property, and whether several are said there.
_TEXTS = (
    ("collection.method", "rai:dataCollection", False),
    ("processing.steps", "rai:dataPreprocessingProtocol", True),
    ("processing.filters", "rai:dataManipulationProtocol", True),
    ("annotation.guidelines", "rai:dataAnnotationProtocol", True),
    ("annotation.agreement", "rai:dataAnnotationAnalysis", True),
    ("annotation.demographics", "rai:annotatorDemographics", True),
    ("people.special_categories", "rai:personalSensitiveInformation", True),
    ("consent.evidence", "usageInfo", False),
)
_COLLECTED = {"crawled": "Web Scraping", "synthetic": "Others", "user": "Others"}
_KINDS = {"web scraping": "crawled", "web crawling": "crawled"}
# The specification writes both.
_TIMES = ("rai:dataCollectionTimeframe", "rai:dataCollectionTimeFrame")


def export(source: Mapping[str, Any], *, name: str, url: str, description: str, licence: str = "") -> dict[str, Any]:
    """A data set with what is known of it; what is unknown or blank is left out."""
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": name,
        "description": description,
        "url": url,
        "license": _text(source, "licence.source_url") or licence or _text(source, "licence.declared"),
        "inLanguage": [row["code"] for row in _rows(source, "languages")],
        "rai:dataCollectionType": _COLLECTED.get(_text(source, "kind")),
        _TIMES[0]: _times(source),
        "rai:annotationsPerItem": str(plain(get(source, "annotation.per_item")) or ""),
        "rai:dataBiases": [_gap(row) for row in _rows(source, "known_gaps")],
        "isLiveDataset": plain(get(source, "time_span.continuous")),
    }
    for path, name_there, _ in _TEXTS:
        said[name_there] = plain(get(source, path))
    return {key: value for key, value in said.items() if is_stated(value)}


def _text(source: Mapping[str, Any], path: str) -> str:
    value = plain(get(source, path))
    return value if isinstance(value, str) else ""


def _rows(source: Mapping[str, Any], path: str) -> list[Mapping[str, Any]]:
    value = plain(get(source, path))
    return value if isinstance(value, list) else []


def _times(source: Mapping[str, Any]) -> list[str]:
    ends = (_text(source, f"time_span.collected_{end}") for end in ("from", "to"))
    return [_whole_date(end) for end in ends if end]


def _whole_date(text: str) -> str:
    """A year or a month as its first day: the format takes nothing less."""
    return text + "-01" * ((10 - len(text)) // 3)


def _gap(row: Mapping[str, Any]) -> str:
    group = " ".join(str(row[name]) for name in ("axis", "value") if row.get(name))
    return f"{group}: {row['note']}" if row.get("note") else group


def source_of(value: Any) -> dict[str, Any]:
    """A source from a Croissant file. A list of one may be a text there, and names may lack their prefix."""
    if not isinstance(value, Mapping) or "Dataset" not in str(value.get("@type", "")):
        raise InvalidInput('A Croissant file is a JSON object with "@type": "sc:Dataset".')
    source: dict[str, Any] = {}
    for path, said in _found(value):
        put(source, path, said)
    return source


def _found(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "external.name", next(iter(_list(value, "name")), "")
    url = next(iter(_list(value, "url")), "")
    yield "external.url", url if url.startswith(("https://", "http://")) else ""
    licence = next(iter(_list(value, "license")), "")
    yield ("licence.source_url" if licence.startswith(("https://", "http://")) else "licence.declared"), licence
    yield "languages", [{"code": code} for code in _list(value, "inLanguage")]
    collected = [text.lower() for text in _list(value, "rai:dataCollectionType")]
    yield "kind", next((_KINDS[text] for text in collected if text in _KINDS), "")
    times = sorted(text[:10] for name in _TIMES for text in _list(value, name))
    yield "time_span.collected_from", times[0] if times else ""
    yield "time_span.collected_to", times[-1] if len(times) > 1 else ""
    per_item = "".join(_list(value, "rai:annotationsPerItem")[:1])
    yield "annotation.per_item", float(per_item) if per_item.replace(".", "", 1).isdecimal() else ""
    gaps = [*_list(value, "rai:dataBiases"), *_list(value, "rai:dataLimitations")]
    yield "known_gaps", [{"axis": "stated", "note": text} for text in gaps]
    for path, name, is_many in _TEXTS:
        texts = _list(value, name)
        yield path, (texts if path in _LISTS else " ".join(texts)) if is_many else next(iter(texts), "")


_LISTS = frozenset({"processing.steps", "processing.filters", "people.special_categories"})


def _list(value: Mapping[str, Any], name: str) -> list[str]:
    """What a property says, as texts: one, several, or objects with a name, under its name with or without prefix."""
    found = value.get(name, value.get(name.removeprefix("rai:")))
    items = found if isinstance(found, list) else [found]
    texts = (
        item.get("url") or item.get("name") or item.get("@value") if isinstance(item, Mapping) else item
        for item in items
    )
    return [str(text).strip() for text in texts if isinstance(text, str | int | float) and str(text).strip()]
