"""What each domain contributes to a review: its share of the binding, and its facts.

Each comes from the module of that domain. Where a hub has no such module, the tables alone are read.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from hub.catalog.card import texts
from hub.governance.canonical import digest
from hub.governance.models import Finding, FindingVersion, Record, Revision, Scan, Verdict
from hub.governance.selectors.contents import card_of

_OPEN = (Finding.Status.OPEN, Finding.Status.TRIAGED)
_UNKNOWN_LICENCES = {"", "other", "unknown"}


def licence_share(revision: Revision) -> str:
    return str(_of("licences", "licence_digest", lambda at: _record(at.licence_record))(revision))


def data_share(revision: Revision) -> str:
    return str(_of("data", "data_digest", lambda at: _record(at.data_record))(revision))


def use_share(revision: Revision) -> str:
    return str(_of("uses", "use_digest", lambda at: _record(at.use_record))(revision))


def bias_share(revision: Revision) -> str:
    return str(_of("findings", "bias_digest", _bias_digest)(revision))


def scan_share(revision: Revision) -> str:
    return str(_of("scans", "scan_digest", _scan_digest)(revision))


def policy_version() -> int:
    if find_spec("hub.governance.selectors.policies"):
        found = getattr(import_module("hub.governance.selectors.policies"), "policy_version", None)
        return int(found()) if found else 0
    return 0


def licence_facts(revision: Revision) -> dict[str, Any]:
    return dict(_of("licences", "licence_facts", _licence_facts)(revision))


def data_facts(revision: Revision) -> dict[str, Any]:
    return dict(_of("data", "data_facts", _data_facts)(revision))


def bias_facts(revision: Revision) -> dict[str, Any]:
    return dict(_of("findings", "bias_facts", _bias_facts)(revision))


def use_facts(revision: Revision) -> dict[str, Any]:
    return dict(_of("uses", "use_facts", _use_facts)(revision))


def scan_facts(revision: Revision) -> dict[str, Any]:
    return dict(_of("scans", "scan_facts", _scan_facts)(revision))


def _of(module: str, name: str, otherwise: Callable[[Revision], Any]) -> Callable[[Revision], Any]:
    full = f"hub.governance.selectors.{module}"
    return getattr(import_module(full), name, otherwise) if find_spec(full) else otherwise


def _record(record: Record | None) -> str:
    return record.sha256 if record else ""


def _bias_digest(revision: Revision) -> str:
    versions = FindingVersion.objects.filter(finding__repo=revision.repo_id).order_by("finding__number", "number")
    return digest([list(row) for row in versions.values_list("finding__number", "number", "sha256")])


def _scan_digest(revision: Revision) -> str:
    scan = _scan(revision)
    return digest([scan.rules, scan.worst, scan.files]) if scan else ""


def _licence_facts(revision: Revision) -> dict[str, Any]:
    declared = " AND ".join(texts(card_of(revision).get("license")))
    return {"declared": declared, "is_known": declared.lower() not in _UNKNOWN_LICENCES, "is_contradicted": False}


def _data_facts(revision: Revision) -> dict[str, Any]:
    return {"missing": [] if revision.data_record_id else ["the record of training data"]}


def _bias_facts(revision: Revision) -> dict[str, Any]:
    rows = Finding.objects.filter(repo=revision.repo_id, status__in=_OPEN).values_list("severity", flat=True)
    found = list(rows)
    return {"open": len(found), "open_high": found.count("high"), "open_critical": found.count("critical")}


def _use_facts(revision: Revision) -> dict[str, Any]:
    body = revision.use_record.body if revision.use_record else {}
    names = ("intended", "out_of_scope", "do_not_use_for")
    return {"tier": body.get("tier"), **{name: body.get(name) or [] for name in names}}


def _scan_facts(revision: Revision) -> dict[str, Any]:
    scan = _scan(revision)
    summary = scan.summary if scan else {}
    return {
        "state": "done" if scan and scan.finished_at else "scanning",
        "worst": (scan.worst if scan else "") or Verdict.UNSUPPORTED,
        "has_pickle": bool(summary.get("pickle")),
        "executes_code": bool(summary.get("code")),
        "code_hashes": [],
    }


def _scan(revision: Revision) -> Scan | None:
    return Scan.objects.filter(revision=revision).order_by("-started_at").first()
