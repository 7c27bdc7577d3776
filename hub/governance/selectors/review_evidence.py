"""What the other parts of governance found out about a revision, gathered for the one who decides.

Each picture is made for the viewer: sources, findings and ancestors that they may not see have no name in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.models import Revision
from hub.governance.selectors import shares
from hub.governance.selectors.data import data_of
from hub.governance.selectors.findings import FindingAt, findings_and_facts, findings_of
from hub.governance.selectors.licences import LicencePicture, licence_of


@dataclass(frozen=True)
class Evidence:
    """`licence` is None while nobody examined it; `findings` are the open ones, the gravest first, inherited ones
    among them; `withheld` counts those that aren't for the viewer."""

    revision: Revision
    licence: LicencePicture | None
    data: Mapping[str, Any]
    bias: Mapping[str, Any]
    scan: Mapping[str, Any]
    findings: tuple[FindingAt, ...]
    withheld: int


def evidence_of(viewer: Viewer, revision: Revision) -> Evidence:
    listed, bias = findings_and_facts(viewer, revision)
    return Evidence(
        revision=revision,
        licence=_licence(viewer, revision),
        data=shares.data_facts(revision),
        bias=bias,
        scan=shares.scan_facts(revision),
        findings=tuple(each for each in listed.items if each.is_open),
        withheld=listed.withheld,
    )


def stated_of(viewer: Viewer, revision: Revision) -> dict[str, Any]:
    """What is on record of a revision, by the name of the record, as plain values that can be compared."""
    data = data_of(viewer, revision)
    use = revision.use_record
    return {
        "Licence": _terms(_licence(viewer, revision)),
        "Data record": data.body,
        "Intended use": use.body if use else {},
    }


def findings_at(viewer: Viewer, revision: Revision) -> tuple[FindingAt, ...]:
    """All findings that the viewer may read, open or not."""
    return findings_of(viewer, revision).items


def _licence(viewer: Viewer, revision: Revision) -> LicencePicture | None:
    found = licence_of(viewer, revision)
    return found if found.is_examined else None


def _terms(licence: LicencePicture | None) -> dict[str, Any]:
    if licence is None:
        return {}
    return {
        "declared": licence.declared,
        "concluded": licence.concluded,
        "effective": licence.effective,
        "verdict": licence.verdict,
        "faults": [f"{fault.rule} {fault.clause}" for fault in licence.faults],
        "obligations": [duty.text for duty in licence.obligations],
    }
