"""What licences and known biases of the base and the data mean for a result, before any device time is spent."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from hub.accounts.viewer import Viewer
from hub.governance.licences.rules import CONFLICT, REVIEW
from hub.governance.selectors.findings import findings_of
from hub.governance.selectors.licences import judge_derivative
from hub.jobs.faults import Fault
from hub.jobs.services.orders.sources import Found, FoundData, FoundModel

_MAX_FINDINGS = 100


@dataclass(frozen=True)
class Terms:
    """`verdict` OK, NEEDS_ATTRIBUTION, REVIEW or CONFLICT, as the licence rules say; `licence`: the result's.
    `inherited`: what its card, notice and records must carry (`contract.JobSpec.inherited`)."""

    verdict: str
    licence: str
    inherited: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def terms_for(
    viewer: Viewer, base: FoundModel | None, data: Sequence[FoundData], *, licence: str, out: str, is_adapter: bool
) -> Terms:
    """Of a fine-tune. Its licence is the one asked for, else the base's, else that of the first data set."""
    training = [each for each in data if each.wanted.role != "test"]
    first = base or next(iter(training), None)
    licence = licence or (first.licence if first else "")
    relation = "adapter" if is_adapter else "finetune"
    names = list(dict.fromkeys(each.name for each in training))
    judged = judge_derivative(viewer, base.name if base else "", relation, names, licence, out)
    sources: list[Found] = [*([base] if base else []), *training]
    inherited = {
        "verdict": judged.verdict,
        "licence": licence,
        "relation": relation,
        "licences": [{"repo": each.name, "commit": each.at.commit, "licence": each.licence} for each in sources],
        "obligations": [asdict(each) for each in judged.obligations],
        "notice": judged.notice,
        "displays": list(judged.displays),
        "prefixes": list(judged.prefixes),
        "findings": _findings(viewer, sources),
    }
    return Terms(judged.verdict, licence, inherited, tuple(_faults(judged.faults)))


def _faults(found: Iterable[Any]) -> Iterable[Fault]:
    for fault in found:
        if fault.verdict in (CONFLICT, REVIEW):
            where = " → ".join(fault.edge)
            message = f"Licence ({fault.rule}, {where}): {fault.clause}"
            yield Fault("licence", f"licence.{fault.rule}", message, fault.mend, is_warning=fault.verdict == REVIEW)


def _findings(viewer: Viewer, sources: Sequence[Found]) -> list[dict[str, Any]]:
    """Open ones of the sources, own and inherited, as far as the viewer may see them; each once."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for source in sources:
        for each in findings_of(viewer, source.repo).items:
            if each.is_open and each.repo is not None:
                key = (each.repo.full_name, each.label)
                told[key] = {
                    "repo": key[0],
                    "kind": each.repo.kind,
                    "id": each.label,
                    "title": each.row.title,
                    "severity": each.row.severity,
                }
    return list(told.values())[:_MAX_FINDINGS]
