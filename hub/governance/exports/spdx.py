"""SPDX 3.0 as JSON-LD, with the profiles AI and Dataset."""

from collections.abc import Iterator
from typing import Any

from hub.governance.exports.facts import Ancestor, Facts, File, at, of_all, said
from hub.governance.exports.gaps import gaps_of

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_RISK = {"critical": "serious", "high": "high", "medium": "medium", "low": "low", "info": "low"}
_WORST_FIRST = tuple(_RISK)
_PII = {"none": "no", "removed": "no", "direct": "yes", "indirect": "yes"}
# The relation of a card, as SPDX names that between two packages.
_RELATIONS = {"trained-on": "trainedOn", "evaluated-on": "testedOn"}


def document(facts: Facts) -> dict[str, Any]:
    base = f"{facts.url}#"
    graph = [
        _creation(facts),
        _agent(base),
        *_elements(facts, base),
        *_relationships(facts, base),
    ]
    ids = [each["spdxId"] for each in graph if "spdxId" in each]
    told = {
        "type": "SpdxDocument",
        "spdxId": f"{base}document",
        "creationInfo": "_:creation",
        "profileConformance": ["core", "software", "ai" if facts.kind == "model" else "dataset", "simpleLicensing"],
        "rootElement": [f"{base}package"],
        "element": ids,
        "comment": " ".join(gap.what for gap in gaps_of(facts)) or "Nothing is known to be missing.",
    }
    return {"@context": CONTEXT, "@graph": [*graph, told]}


def _creation(facts: Facts) -> dict[str, Any]:
    created = facts.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "type": "CreationInfo",
        "@id": "_:creation",
        "specVersion": "3.0.1",
        "created": created,
        "createdBy": [f"{facts.url}#hub"],
    }


def _agent(base: str) -> dict[str, Any]:
    return {"type": "SoftwareAgent", "spdxId": f"{base}hub", "creationInfo": "_:creation", "name": "Headstart"}


def _elements(facts: Facts, base: str) -> Iterator[dict[str, Any]]:
    yield _package(facts, base)
    for number, file in enumerate(facts.files):
        yield _file(file, f"{base}file-{number}")
    for number, each in enumerate(facts.ancestors):
        yield _ancestor(each, f"{base}ancestor-{number}")
    for how, name in _licences(facts):
        yield _element("simplelicensing_LicenseExpression", f"{base}{how}", simplelicensing_licenseExpression=name)


def _element(sort: str, spdx_id: str, **fields: Any) -> dict[str, Any]:
    """An element without the fields that say nothing."""
    kept = {name: value for name, value in fields.items() if value not in ("", None, [])}
    return {"type": sort, "spdxId": spdx_id, "creationInfo": "_:creation", **kept}


def _package(facts: Facts, base: str) -> dict[str, Any]:
    shared = {
        "name": facts.name,
        "software_packageVersion": facts.commit,
        "software_downloadLocation": facts.url,
        "software_primaryPurpose": "model" if facts.kind == "model" else "data",
        "releaseTime": facts.committed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "description": facts.summary,
        "verifiedUsing": [_hash(facts.digest)],
    }
    if facts.kind == "model":
        return _element("ai_AIPackage", f"{base}package", **shared, **_ai(facts))
    return _element("dataset_DatasetPackage", f"{base}package", **shared, **_dataset(facts))


def _ai(facts: Facts) -> dict[str, Any]:
    metrics = [
        {"type": "DictionaryEntry", "key": f"{each.metric} on {each.dataset}", "value": each.value}
        for each in facts.results
    ]
    severities = {each.severity for each in facts.findings or ()}
    worst = next((level for level in _WORST_FIRST if level in severities), "")
    return {
        "ai_domain": facts.stated("pipeline_tag"),
        "ai_typeOfModel": facts.stated("library_name"),
        "ai_informationAboutApplication": said(at(facts.use, "intended")),
        "ai_informationAboutTraining": of_all(facts.sources, "collection.method"),
        "ai_limitation": said(at(facts.use, "out_of_scope")),
        "ai_metric": metrics,
        "ai_safetyRiskAssessment": _RISK.get(worst, ""),
        "ai_useSensitivePersonalInformation": _personal(facts),
    }


def _dataset(facts: Facts) -> dict[str, Any]:
    gaps = [f"{each.id}: {each.title}" for each in facts.findings or ()]
    return {
        "dataset_datasetType": ["noAssertion"],
        "dataset_datasetSize": facts.size,
        "dataset_datasetAvailability": "directDownload",
        "dataset_dataCollectionProcess": of_all(facts.sources, "collection.method"),
        "dataset_intendedUse": said(at(facts.use, "intended")),
        "dataset_knownBias": gaps,
        "dataset_hasSensitivePersonalInformation": _personal(facts),
    }


def _personal(facts: Facts) -> str:
    """The worst that a source states; without a statement nothing is asserted."""
    found = {_PII.get(said(at(source, "people.pii")), "noAssertion") for source in facts.sources or ()}
    return next((answer for answer in ("yes", "noAssertion", "no") if answer in found), "noAssertion")


def _file(file: File, spdx_id: str) -> dict[str, Any]:
    return _element("software_File", spdx_id, name=file.path, verifiedUsing=[_hash(file.sha256)])


def _ancestor(each: Ancestor, spdx_id: str) -> dict[str, Any]:
    sort = "dataset_DatasetPackage" if each.kind == "dataset" else "ai_AIPackage"
    types = ["noAssertion"] if each.kind == "dataset" else None
    return _element(sort, spdx_id, name=each.name, software_packageVersion=each.revision, dataset_datasetType=types)


def _hash(sha256: str) -> dict[str, str]:
    return {"type": "Hash", "algorithm": "sha256", "hashValue": sha256}


def _licences(facts: Facts) -> Iterator[tuple[str, str]]:
    declared = facts.licence.declared if facts.licence else ", ".join(facts.stated("license"))
    yield "hasDeclaredLicense", declared or "NOASSERTION"
    yield "hasConcludedLicense", (facts.licence.concluded if facts.licence else "") or "NOASSERTION"


def _relationships(facts: Facts, base: str) -> Iterator[dict[str, Any]]:
    contained = [f"{base}file-{number}" for number in range(len(facts.files))]
    if contained:
        yield _relation(base, "contains", contained, "contains")
    for number, each in enumerate(facts.ancestors):
        sort = _RELATIONS.get(each.relation, "descendantOf")
        yield _relation(base, sort, [f"{base}ancestor-{number}"], f"made-from-{number}")
    for how, _ in _licences(facts):
        yield _relation(base, how, [f"{base}{how}"], f"relation-{how}")


def _relation(base: str, sort: str, to: list[str], name: str) -> dict[str, Any]:
    return {
        "type": "Relationship",
        "spdxId": f"{base}{name}",
        "creationInfo": "_:creation",
        "from": f"{base}package",
        "relationshipType": sort,
        "to": to,
    }
