"""Croissant 1.1: a data set's files, with what is recorded of them in the terms of Croissant-RAI."""

from typing import Any
from urllib.parse import quote

from hub.governance.exports.facts import Facts, File, of_all

_TERMS = {
    "rai:dataCollection": "collection.method",
    "rai:dataCollectionTimeframe": "time_span",
    "rai:dataAnnotationProtocol": "annotation.guidelines",
    "rai:annotatorDemographics": "annotation.demographics",
    "rai:dataPreprocessingProtocol": "processing.steps",
    "rai:personalSensitiveInformation": "people",
    "rai:dataLimitations": "known_gaps",
}
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
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
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def document(facts: Facts) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.short_name,
        "description": facts.summary or f"{facts.name}, without a description.",
        "conformsTo": ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"],
        "url": facts.url,
        "version": f"0.0.0+{facts.commit[:12]}",
        "datePublished": facts.committed_at.date().isoformat(),
        "creator": {"@type": "sc:Organization", "name": facts.owner},
        "distribution": [_file(facts, each) for each in facts.files],
    }
    if licence := ", ".join(facts.stated("license")):
        told["license"] = licence
    if findings := [f"{each.id}: {each.title} ({each.severity})" for each in facts.findings or ()]:
        told["rai:dataBiases"] = "; ".join(findings)
    return told | {term: text for term, path in _TERMS.items() if (text := of_all(facts.sources, path))}


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
