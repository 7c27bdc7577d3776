"""SPDX 3.0 as JSON-LD, with the profiles AI and Dataset."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.governance.exports.facts import Facts, File, at, of_all, plain, said, texts
from hub.governance.exports.gaps import gaps_of
from hub.governance.exports.parts import MADE, TESTED, TRAINED, Measured, Part, measurements, parts_of

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_RISK = {"critical": "serious", "high": "high", "medium": "medium", "low": "low", "info": "low"}
_WORST_FIRST = tuple(_RISK)
_PII = {"none": "no", "removed": "no", "direct": "yes", "indirect": "yes"}
_TYPES = {"text": "text", "image": "image", "audio": "audio", "video": "video", "tabular": "structured",
          "other": "other"}  # fmt: skip
_RELATIONS = {TRAINED: "trainedOn", TESTED: "testedOn", MADE: "descendantOf"}


def document(facts: Facts) -> dict[str, Any]:
    base = f"{facts.url}/export/{facts.commit}/spdx#"
    parts = parts_of(facts)
    graph = [
        _creation(facts),
        _agent(base),
        *_elements(facts, base, parts),
        *_relationships(facts, base, parts),
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
        "createdBy": [f"{facts.url}/export/{facts.commit}/spdx#hub"],
    }


def _agent(base: str) -> dict[str, Any]:
    return {"type": "SoftwareAgent", "spdxId": f"{base}hub", "creationInfo": "_:creation", "name": "Headstart"}


def _elements(facts: Facts, base: str, parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    yield _package(facts, base)
    for number, file in enumerate(facts.files):
        yield _file(file, f"{base}file-{number}")
    for number, each in enumerate(parts):
        yield _part(each, f"{base}origin-{number}")
    for spdx_id, name in _expressions(facts, base, parts).items():
        yield _element("simplelicensing_LicenseExpression", spdx_id, simplelicensing_licenseExpression=name)


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
    severities = {each.severity for each in facts.findings or () if each.is_open}
    worst = next((level for level in _WORST_FIRST if level in severities), "")
    return {
        "ai_domain": facts.stated("pipeline_tag"),
        "ai_typeOfModel": [facts.architecture] if facts.architecture else facts.stated("library_name"),
        "ai_hyperparameter": [_entry("parameters", str(facts.parameters))] if facts.parameters else [],
        "ai_informationAboutApplication": said(at(facts.use, "intended")),
        "ai_informationAboutTraining": of_all(facts.sources, "collection.method"),
        "ai_limitation": "; ".join([*texts(facts.use, "out_of_scope"), *_forbidden(facts), *_biases(facts)]),
        "ai_metric": [_entry(_metric(each), each.value) for each in measurements(facts)],
        "ai_modelDataPreprocessing": [text for each in facts.sources or () if (text := _preprocessing(each))],
        "ai_safetyRiskAssessment": _RISK.get(worst, ""),
        "ai_useSensitivePersonalInformation": _personal(facts.sources or ()),
    }


def _entry(key: str, value: str) -> dict[str, str]:
    return {"type": "DictionaryEntry", "key": key, "value": value}


def _metric(each: Measured) -> str:
    interval = f" [{each.interval[0]}, {each.interval[1]}]" if each.interval else ""
    return (f"{each.metric} on {each.slice}" if each.slice else each.metric) + interval


def _forbidden(facts: Facts) -> list[str]:
    return [f"Do not use for: {text}" for text in texts(facts.use, "do_not_use_for")]


def _biases(facts: Facts) -> list[str]:
    return [each.label for each in facts.findings or ()]


def _dataset(facts: Facts) -> dict[str, Any]:
    sources = facts.sources or ()
    gaps = [text for each in sources if (text := said(at(each, "known_gaps")))]
    told = _recorded(sources)
    return {
        **told,
        "dataset_datasetSize": facts.size,
        "dataset_datasetAvailability": "registration" if facts.is_private else "directDownload",
        "dataset_intendedUse": said(at(facts.use, "intended")),
        "dataset_knownBias": [*_biases(facts), *gaps],
    }


def _recorded(sources: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the record says of one or several sources, in the fields of the profile."""
    sources = tuple(sources)
    types = sorted({_TYPES.get(said(plain(each, "modality")), "noAssertion") for each in sources}) or ["noAssertion"]
    instruments = of_all(sources, "collection.instruments")
    return {
        "dataset_datasetType": types,
        "dataset_anonymizationMethodUsed": [
            text for each in sources if (text := said(at(each, "people.anonymisation")))
        ],
        "dataset_dataCollectionProcess": of_all(sources, "collection.method"),
        "dataset_dataPreprocessing": [text for each in sources if (text := _preprocessing(each))],
        "dataset_datasetUpdateMechanism": _updates(sources),
        "dataset_hasSensitivePersonalInformation": _personal(sources),
        "dataset_knownBias": [text for each in sources if (text := said(at(each, "known_gaps")))],
        "dataset_sensor": [_entry("instruments", instruments)] if instruments else [],
    }


def _preprocessing(source: Mapping[str, Any]) -> str:
    return said([at(source, f"processing.{part}") for part in ("steps", "filters", "dedup")])


def _updates(sources: Iterable[Mapping[str, Any]]) -> str:
    stated = {plain(source, "time_span.continuous") for source in sources}
    return "Still collected." if True in stated else "Not collected any more." if stated == {False} else ""


def _personal(sources: Iterable[Mapping[str, Any]]) -> str:
    """The worst that a source states; without a statement nothing is asserted."""
    found = {_PII.get(said(plain(source, "people.pii")), "noAssertion") for source in sources}
    return next((answer for answer in ("yes", "noAssertion", "no") if answer in found), "noAssertion")


def _file(file: File, spdx_id: str) -> dict[str, Any]:
    return _element("software_File", spdx_id, name=file.path, verifiedUsing=[_hash(file.sha256)])


def _part(part: Part, spdx_id: str) -> dict[str, Any]:
    shared = {"name": part.name, "software_packageVersion": part.revision}
    if part.kind == "model":
        return _element("ai_AIPackage", spdx_id, **shared)
    source = part.source or {}
    records = plain(source, "size.records")
    told = {
        **_recorded([source]),
        "dataset_datasetSize": records if isinstance(records, int) else None,
        "software_downloadLocation": said(at(source, "external.url")),
    }
    return _element("dataset_DatasetPackage", spdx_id, **shared, **told)


def _hash(sha256: str) -> dict[str, str]:
    return {"type": "Hash", "algorithm": "sha256", "hashValue": sha256}


def _licences(facts: Facts, parts: tuple[Part, ...]) -> Iterator[tuple[str, str, str]]:
    """Whose, the relation, and the expression."""
    licence = facts.licence
    declared = (licence.declared_spdx or licence.declared) if licence else ", ".join(facts.stated("license"))
    yield "package", "hasDeclaredLicense", declared or "NOASSERTION"
    yield "package", "hasConcludedLicense", (licence.concluded if licence else "") or "NOASSERTION"
    for number, each in enumerate(parts):
        for how, path in (("hasDeclaredLicense", "licence.declared"), ("hasConcludedLicense", "licence.concluded")):
            if isinstance(name := plain(each.source or {}, path), str):
                yield f"origin-{number}", how, name


def _expressions(facts: Facts, base: str, parts: tuple[Part, ...]) -> dict[str, str]:
    return {f"{base}licence-{whose}-{how}": name for whose, how, name in _licences(facts, parts)}


def _relationships(facts: Facts, base: str, parts: tuple[Part, ...]) -> Iterator[dict[str, Any]]:
    contained = [f"{base}file-{number}" for number in range(len(facts.files))]
    if contained:
        yield _relation(base, "package", "contains", contained)
    for number, each in enumerate(parts):
        yield _relation(base, "package", _RELATIONS[each.role], [f"{base}origin-{number}"], number)
    for whose, how, _ in _licences(facts, parts):
        yield _relation(base, whose, how, [f"{base}licence-{whose}-{how}"])


def _relation(base: str, whose: str, sort: str, to: list[str], number: int = 0) -> dict[str, Any]:
    return {
        "type": "Relationship",
        "spdxId": f"{base}relation-{whose}-{sort}-{number}",
        "creationInfo": "_:creation",
        "from": f"{base}{whose}",
        "relationshipType": sort,
        "to": to,
    }
