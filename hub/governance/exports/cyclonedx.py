"""CycloneDX 1.7: a bill of materials of a model (ML-BOM) or a data set, as its JSON schema has it."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_supported_id
from cyclonedx.validation.json import JsonStrictValidator

from hub.core.errors import HubError
from hub.governance.exports.facts import Facts, File, Finding, Review, at, of_all, said, texts
from hub.governance.exports.gaps import gaps_of
from hub.governance.exports.parts import MADE, Measured, Part, groups_of, measurements, mitigation_of, parts_of
from proofs.canonical import canonical
from proofs.chain import written

_SPACE = uuid.UUID("6f2a3c1e-9d4b-5f77-8a51-3f1f3e6ad0c4")


class InvalidPaper(HubError):
    """What is recorded can't be written in this form."""

    code = "invalid_paper"
    status = 500


def checked(facts: Facts) -> dict[str, Any]:
    """The bill, once the official schema of 1.7 accepts it."""
    told = bom(facts)
    fault = JsonStrictValidator(SchemaVersion.V1_7).validate_str(canonical(told).decode())
    if fault is not None:
        raise InvalidPaper(f"The bill of materials of {facts.name} doesn't fit the schema: {str(fault)[:300]}")
    return told


def bom(facts: Facts) -> dict[str, Any]:
    ref = f"{facts.kind}s/{facts.name}@{facts.commit}"
    parts = parts_of(facts)
    others = [_component(number, each) for number, each in enumerate(parts)]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, f'{ref} {written(facts.made_at)}')}",
        "version": 1,
        "metadata": {
            "timestamp": written(facts.made_at),
            "tools": {"components": [{"type": "application", "name": "headstart"}]},
            "component": _subject(facts, ref, parts),
        },
        "components": others,
        "dependencies": [{"ref": ref, "dependsOn": [each["bom-ref"] for each in others]}],
    }


def _subject(facts: Facts, ref: str, parts: tuple[Part, ...]) -> dict[str, Any]:
    is_model = facts.kind == "model"
    told: dict[str, Any] = {
        "bom-ref": ref,
        "type": "machine-learning-model" if is_model else "data",
        "group": facts.owner,
        "name": facts.short_name,
        "version": facts.commit,
        "hashes": [{"alg": "SHA-256", "content": facts.digest}],
        "externalReferences": list(_references(facts)),
        "properties": list(_properties(facts)),
        "components": [_file(ref, each) for each in facts.files],
        "description": facts.summary,
        "licenses": list(_licences(*_declared(facts))),
        "pedigree": _pedigree(parts),
    }
    told |= {"modelCard": _card(facts, parts)} if is_model else {"data": [_data(facts)]}
    return {key: value for key, value in told.items() if value not in ("", [], {})}


def _references(facts: Facts) -> Iterator[dict[str, str]]:
    yield {"type": "distribution", "url": facts.url}
    if any(file.path == "README.md" for file in facts.files):
        yield {"type": "model-card", "url": f"{facts.url}/resolve/{facts.commit}/README.md"}
    yield {"type": "attestation", "url": f"{facts.url}/dossier/{facts.commit}", "comment": "The reviewer's dossier."}


def _pedigree(parts: tuple[Part, ...]) -> dict[str, Any]:
    """Bases; data are components of their own."""
    bases = [
        {"type": _TYPES[each.kind], "name": each.name, **({"version": each.revision} if each.revision else {})}
        for each in parts
        if each.role == MADE
    ]
    return {"ancestors": bases} if bases else {}


_TYPES = {"dataset": "data", "model": "machine-learning-model"}


def _declared(facts: Facts) -> tuple[str, str]:
    """Declared and concluded."""
    licence = facts.licence
    if licence is None:
        return ", ".join(facts.stated("license")), ""
    return licence.declared_spdx or licence.declared, licence.concluded


def _licences(declared: str, concluded: str) -> Iterator[dict[str, Any]]:
    """By the SPDX id where it is one, else by name: a bill may not hold two expressions."""
    for name, how in ((declared, "declared"), (concluded, "concluded")):
        if name:
            told = {"id": name} if is_supported_id(name) else {"name": name}
            yield {"license": {**told, "acknowledgement": how}}


def _properties(facts: Facts) -> Iterator[dict[str, str]]:
    if review := facts.review:
        yield from _reviewed(review)
    if facts.licence:
        yield _property("licence:effective", facts.licence.effective or "unknown")
        yield _property("licence:verdict", facts.licence.verdict or "unknown")
        yield from (_property("licence:detected", name) for name in facts.licence.detected)
        yield from (_property("licence:fault", fault) for fault in facts.licence.faults)
        yield from (_property("licence:obligation", duty) for duty in facts.licence.obligations)
    if facts.scan:
        yield _property("scan:worst", facts.scan.worst or facts.scan.state)
        yield _property("scan:rules", facts.scan.rules or "unknown")
        yield from (_property(f"scan:{verdict}", f"{path}: {why}") for path, verdict, why in facts.scan.flagged)
    if facts.completeness is not None:
        yield _property("data:completeness", f"{facts.completeness:.2f}")
    yield from (_property("use:do-not-use-for", text) for text in texts(facts.use, "do_not_use_for"))
    yield _property("signature:key", facts.key_id)
    yield from (_property("gap", gap.what) for gap in gaps_of(facts))


def _reviewed(review: Review) -> Iterator[dict[str, str]]:
    yield _property("review:state", review.state)
    yield _property("review:tier", str(review.tier or "not set"))
    yield from (_property("review:condition", text) for text in review.conditions)
    if review.expires_at:
        yield _property("review:expires", written(review.expires_at))
    for each in review.decisions:
        said_ = f"{each.state} by {each.by} at {written(each.at)}: {each.reason}"
        yield _property(f"review:{each.domain or 'owner'}", said_)


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"headstart:{name}", "value": value}


def _file(ref: str, file: File) -> dict[str, Any]:
    return {
        "bom-ref": f"{ref}/{file.path}",
        "type": "file",
        "name": file.path,
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
    }


def _component(number: int, part: Part) -> dict[str, Any]:
    """What it was made from: a base, or data with what the record says of them."""
    told: dict[str, Any] = {
        "bom-ref": f"origin-{number}",
        "type": _TYPES[part.kind],
        "name": part.name,
        "version": part.revision,
        "properties": [_property("relation", part.relation or part.role)],
    }
    if source := part.source:
        told["licenses"] = list(_licences(said(at(source, "licence.declared")), said(at(source, "licence.concluded"))))
        told["data"] = [_recorded(part.name, source)]
        told["properties"] += [_property(f"data:{name}", text) for name, text in _recorded_more(source)]
        if url := said(at(source, "external.url")):
            told["externalReferences"] = [{"type": "distribution", "url": url}]
    return {key: value for key, value in told.items() if value not in ("", [])}


def _recorded(name: str, source: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "type": "dataset",
        "name": name,
        "description": said(at(source, "collection.method")),
        "classification": said(at(source, "visibility")),
        "sensitiveData": list(_sensitive([source])),
    }
    return {key: value for key, value in told.items() if value not in ("", [])}


def _recorded_more(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields that this form has no place for."""
    for path in ("kind", "modality", "size", "time_span", "languages", "consent", "processing", "contamination",
                 "known_gaps", "annotation", "synthetic.generators", "usage.share_pct"):  # fmt: skip
        if text := said(at(source, path)):
            yield path, text


def _sensitive(sources: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    if pii := of_all(sources, "people.pii"):
        yield f"personal data: {pii}"
    if categories := of_all(sources, "people.special_categories"):
        yield f"special categories: {categories}"


def _card(facts: Facts, parts: tuple[Part, ...]) -> dict[str, Any]:
    task = next(iter(facts.stated("pipeline_tag")), "")
    parameters = {
        "task": task,
        "modelArchitecture": facts.architecture,
        "datasets": [{"ref": f"origin-{n}"} for n, each in enumerate(parts) if each.role != MADE],
    }
    metrics = [_metric(each) for each in measurements(facts)]
    told = {
        "modelParameters": {key: value for key, value in parameters.items() if value},
        "quantitativeAnalysis": {"performanceMetrics": metrics} if metrics else {},
        "considerations": _considerations(facts),
    }
    return {key: value for key, value in told.items() if value}


def _metric(each: Measured) -> dict[str, Any]:
    told: dict[str, Any] = {"type": each.metric, "value": each.value}
    if each.slice:
        told["slice"] = each.slice
    if each.interval:
        told["confidenceInterval"] = dict(zip(("lowerBound", "upperBound"), each.interval, strict=True))
    return told


def _considerations(facts: Facts) -> dict[str, Any]:
    findings = facts.findings or ()
    limits = [f"Do not use for: {text}" for text in texts(facts.use, "do_not_use_for")]
    told = {
        "users": texts(facts.use, "users"),
        "useCases": texts(facts.use, "intended"),
        "technicalLimitations": [*texts(facts.use, "out_of_scope"), *limits],
        "ethicalConsiderations": [_with_mitigation({"name": each.label}, each) for each in findings],
        "fairnessAssessments": [_fairness(each, group) for each in findings for group in groups_of(each)],
        "environmentalConsiderations": _environment(facts),
    }
    return {key: value for key, value in told.items() if value}


def _fairness(finding: Finding, group: str) -> dict[str, Any]:
    harm = said(at(finding.body, "harm.class")).replace("_", " ")
    told = {"groupAtRisk": group, "harms": f"{finding.title} ({harm})" if harm else finding.title}
    return _with_mitigation(told, finding)


def _with_mitigation(told: dict[str, Any], finding: Finding) -> dict[str, Any]:
    done = mitigation_of(finding)
    return told | ({"mitigationStrategy": done} if done else {})


def _environment(facts: Facts) -> dict[str, Any]:
    """As the card has it: a measure of energy needs a provider here, which no card names."""
    stated = [_property(f"co2_eq_emissions:{key}", text) for key in _EMISSIONS
              if (text := said(at(facts.metadata, f"co2_eq_emissions.{key}")))]  # fmt: skip
    energy = facts.stated("energy_mwh")
    stated += [_property("energy:training_mwh", energy[0])] if energy else []
    return {"properties": stated} if stated else {}


_EMISSIONS = ("emissions", "source", "training_type", "geographical_location", "hardware_used")


def _data(facts: Facts) -> dict[str, Any]:
    told = {
        "type": "dataset",
        "name": facts.short_name,
        "contents": {"url": facts.url},
        "description": facts.summary,
        "classification": "private" if facts.is_private else "public",
        "sensitiveData": list(_sensitive(facts.sources or ())),
        "governance": {"owners": [{"organization": {"name": facts.owner}}]},
    }
    return {key: value for key, value in told.items() if value not in ("", [])}
