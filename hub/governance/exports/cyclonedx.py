"""CycloneDX 1.7: a bill of materials of a model (ML-BOM) or a data set, as its JSON schema has it."""

import uuid
from collections.abc import Iterator
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from hub.core.errors import HubError
from hub.governance.exports.facts import Facts, File, Finding, at, of_all, said
from hub.governance.exports.gaps import gaps_of
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
    others = list(_components(facts))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_SPACE, f'{ref} {written(facts.made_at)}')}",
        "version": 1,
        "metadata": {
            "timestamp": written(facts.made_at),
            "tools": {"components": [{"type": "application", "name": "headstart"}]},
            "component": _subject(facts, ref),
        },
        "components": others,
        "dependencies": [{"ref": ref, "dependsOn": [each["bom-ref"] for each in others]}],
    }


def _subject(facts: Facts, ref: str) -> dict[str, Any]:
    is_model = facts.kind == "model"
    told: dict[str, Any] = {
        "bom-ref": ref,
        "type": "machine-learning-model" if is_model else "data",
        "group": facts.owner,
        "name": facts.short_name,
        "version": facts.commit,
        "hashes": [{"alg": "SHA-256", "content": facts.digest}],
        "externalReferences": [{"type": "distribution", "url": facts.url}],
        "properties": list(_properties(facts)),
        "components": [_file(ref, each) for each in facts.files],
    }
    if facts.summary:
        told["description"] = facts.summary
    if licences := list(_licences(facts)):
        told["licenses"] = licences
    if is_model:
        told["modelCard"] = _card(facts)
    else:
        told["data"] = [_data(facts)]
    return told


def _licences(facts: Facts) -> Iterator[dict[str, Any]]:
    """Declared and concluded, each as a named licence: ids of hubs are not all on the SPDX list."""
    declared = facts.licence.declared if facts.licence else ", ".join(facts.stated("license"))
    concluded = facts.licence.concluded if facts.licence else ""
    for name, how in ((declared, "declared"), (concluded, "concluded")):
        if name:
            yield {"license": {"name": name, "acknowledgement": how}}


def _properties(facts: Facts) -> Iterator[dict[str, str]]:
    if review := facts.review:
        yield _property("review:state", review.state)
        yield _property("review:tier", str(review.tier or "not set"))
        for each in review.decisions:
            yield _property(f"review:{each.domain or 'owner'}", f"{each.state} by {each.by} at {written(each.at)}")
    if facts.licence:
        yield _property("licence:effective", facts.licence.effective or "unknown")
        yield _property("licence:verdict", facts.licence.verdict or "unknown")
    if facts.scan:
        yield _property("scan:worst", facts.scan.worst or facts.scan.state)
        yield _property("scan:rules", facts.scan.rules or "unknown")
    yield _property("signature:key", facts.key_id)
    for gap in gaps_of(facts):
        yield _property("gap", gap.what)


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": f"headstart:{name}", "value": value}


def _file(ref: str, file: File) -> dict[str, Any]:
    return {
        "bom-ref": f"{ref}/{file.path}",
        "type": "file",
        "name": file.path,
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
    }


def _components(facts: Facts) -> Iterator[dict[str, Any]]:
    """What it was made from: bases, and data sets that the card or the record names."""
    for number, each in enumerate(facts.ancestors):
        told: dict[str, Any] = {
            "bom-ref": f"ancestor-{number}",
            "type": "data" if each.kind == "dataset" else "machine-learning-model",
            "name": each.name,
            "properties": [_property("relation", each.relation)],
        }
        yield told | ({"version": each.revision} if each.revision else {})


def _card(facts: Facts) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if facts.stated("pipeline_tag"):
        parameters["task"] = facts.stated("pipeline_tag")[0]
    if sets := [f"ancestor-{n}" for n, each in enumerate(facts.ancestors) if each.relation == "trained-on"]:
        parameters["datasets"] = [{"ref": ref} for ref in sets]
    told: dict[str, Any] = {"modelParameters": parameters} if parameters else {}
    if facts.results:
        told["quantitativeAnalysis"] = {"performanceMetrics": [_metric(each) for each in facts.results]}
    return told | {"considerations": _considerations(facts)}


def _metric(result: Any) -> dict[str, Any]:
    told = {"type": result.metric, "value": result.value}
    slice_ = " ".join(part for part in (result.dataset, result.split) if part)
    return told | ({"slice": slice_} if slice_ else {})


def _considerations(facts: Facts) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for key, path in (("users", "users"), ("useCases", "intended"), ("technicalLimitations", "out_of_scope")):
        listed = at(facts.use, path)
        if values := [text for each in (listed if isinstance(listed, list) else []) if (text := said(each))]:
            told[key] = values
    findings = facts.findings or ()
    if findings:
        told["ethicalConsiderations"] = [
            {"name": f"{each.id}: {each.title} ({each.severity}, {each.status})"} for each in findings
        ]
    if risks := [_fairness(each, group) for each in findings for group in _groups(each)]:
        told["fairnessAssessments"] = risks
    return told


def _groups(finding: Finding) -> list[str]:
    groups = at(finding.body, "groups")
    named = [f"{said(at(each, 'axis'))}: {said(at(each, 'value'))}" for each in groups or () if isinstance(each, dict)]
    return [name for name in named if name != ": "]


def _fairness(finding: Finding, group: str) -> dict[str, Any]:
    told = {"groupAtRisk": group, "harms": finding.title}
    mitigation = said([at(each, "what") for each in at(finding.body, "mitigation") or () if isinstance(each, dict)])
    return told | ({"mitigationStrategy": mitigation} if mitigation else {})


def _data(facts: Facts) -> dict[str, Any]:
    told: dict[str, Any] = {"type": "dataset", "name": facts.short_name, "contents": {"url": facts.url}}
    if facts.summary:
        told["description"] = facts.summary
    if sensitive := of_all(facts.sources, "people.pii"):
        told["sensitiveData"] = [f"personal data: {sensitive}"]
    return told
