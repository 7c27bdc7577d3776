"""Croissant 1.1: a data set's files, with what its record says in the terms of Croissant-RAI."""

from typing import Any
from urllib.parse import quote

from hub.governance.exports.facts import Facts, File, of_all
from hub.governance.records import croissant

# What the record's own form of Croissant has no property for.
_MORE = {
    "rai:personalSensitiveInformation": "people",
    "rai:machineAnnotationTools": "synthetic.generators",
    "rai:dataUseCases": "usage.stage",
}
_LISTED = ("rai:dataLimitations", "out_of_scope"), ("rai:dataSocialImpact", "do_not_use_for")


def document(facts: Facts) -> dict[str, Any]:
    told = _recorded(facts)
    told |= {
        "@type": "sc:Dataset",
        "name": facts.short_name,
        "description": facts.summary or f"{facts.name}, without a description.",
        "url": facts.url,
        "version": f"0.0.0+{facts.commit[:12]}",
        "datePublished": facts.committed_at.date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": facts.owner},
        "distribution": [_file(facts, each) for each in facts.files],
    }
    if licence := _licence(facts):
        told["license"] = licence
    if bases := [each.name for each in facts.ancestors]:
        told["prov:wasDerivedFrom"] = bases
    biases = [*_list(told.get("rai:dataBiases")), *(each.label for each in facts.findings or ())]
    if biases:
        told["rai:dataBiases"] = biases
    return told


def _licence(facts: Facts) -> str:
    known = facts.licence.concluded or facts.licence.declared_spdx if facts.licence else ""
    return known or ", ".join(facts.stated("license"))


def _recorded(facts: Facts) -> dict[str, Any]:
    """The record's sources in one: what several of them say stands together, each once."""
    named = {"name": facts.short_name, "url": facts.url, "description": facts.summary}
    told: dict[str, Any] = {"@context": croissant.CONTEXT, "conformsTo": croissant.CONFORMS_TO}
    for source in facts.sources or ():
        for key, value in croissant.export(source, **named).items():
            told[key] = value if key in ("@context", "conformsTo") or key not in told else _both(told[key], value)
    for term, path in _MORE.items():
        if text := of_all(facts.sources, path):
            told[term] = text
    for term, part in _LISTED:
        if listed := [text for text in (facts.use or {}).get(part, []) if isinstance(text, str)]:
            told[term] = listed
    return told


def _both(first: Any, second: Any) -> Any:
    if isinstance(first, bool):
        return first or second
    unique = list(dict.fromkeys([*_list(first), *_list(second)]))
    return unique if isinstance(first, list) or isinstance(second, list) else "; ".join(unique)


def _list(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [str(value)]


def _file(facts: Facts, file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": f"{facts.url}/resolve/{facts.commit}/{quote(file.path)}",
        "contentSize": f"{file.size} B",
        "encodingFormat": _FORMATS.get(file.path.rpartition(".")[2].lower(), "application/octet-stream"),
        "sha256": file.sha256,
    }


_FORMATS = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonlines",
    "md": "text/markdown",
    "parquet": "application/x-parquet",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
}
