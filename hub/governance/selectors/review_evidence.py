"""What the other parts of governance found out about a revision, gathered for the one who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.models import Finding, Revision
from hub.governance.selectors import shares
from hub.governance.selectors.licences import licence_of

_OPEN = (Finding.Status.OPEN, Finding.Status.TRIAGED)
_RANKS = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}


@dataclass(frozen=True)
class Evidence:
    """`licence` is the picture of the licence part; the others are the facts that rules ask for as well."""

    revision: Revision
    licence: Any
    data: Mapping[str, Any]
    bias: Mapping[str, Any]
    scan: Mapping[str, Any]
    use: Mapping[str, Any]
    findings: tuple[Finding, ...]


def evidence_of(viewer: Viewer, revision: Revision) -> Evidence:
    """The worst open findings come first."""
    findings = Finding.objects.filter(repo=revision.repo_id, status__in=_OPEN)
    return Evidence(
        revision=revision,
        licence=licence_of(viewer, revision),
        data=shares.data_facts(revision),
        bias=shares.bias_facts(revision),
        scan=shares.scan_facts(revision),
        use=shares.use_facts(revision),
        findings=tuple(sorted(findings, key=lambda each: (_RANKS.get(each.severity, 9), -each.number))),
    )
