"""Papers of one commit: gather what is known, as far as the viewer may see it, and write it in a form."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.models import AuditEvent
from hub.audit.services import record
from hub.catalog import trees
from hub.catalog.ancestry import named_ancestors
from hub.catalog.card import ParsedCard, parse_card, summary_of
from hub.catalog.models import Commit
from hub.catalog.permissions import check_read_content
from hub.catalog.results import Reported, is_results_file, reported_results
from hub.catalog.selectors import Revision as At
from hub.catalog.selectors import file_at, find_repo, revision_of, weights_summary
from hub.core import clock, signing
from hub.core.errors import HubError, InvalidInput
from hub.core.transactions import write_transaction
from hub.governance.exports import FORMATS, Format
from hub.governance.exports import facts as of
from hub.governance.exports.facts import Facts
from hub.governance.licences.expressions import normalised
from hub.governance.licences.rules import Fault
from hub.governance.models import Revision, Verdict
from hub.governance.records.completeness import name_of
from hub.governance.selectors import data, licences, scans, uses
from hub.governance.selectors.findings import FindingAt, findings_of
from hub.governance.selectors.licence_table import current_table
from hub.governance.services.pulls import quarantined_for
from hub.governance.services.signatures import manifest_of

CARD, CONFIG = "README.md", "config.json"
_MAX_RESULTS_FILE = 1_000_000
_MOST_LISTED = 5_000
_ONE_READING = dt.timedelta(minutes=10)
_MET = {True: "met", False: "not met", None: "to be checked by people"}


class NoSuchPaper(HubError):
    """There is no paper of that form for this kind of repository."""

    code = "no_such_paper"
    status = 404


@dataclass(frozen=True)
class Paper:
    name: str
    media_type: str
    data: bytes


def formats_of(kind: str) -> list[Format]:
    return [each for each in FORMATS.values() if kind in each.kinds]


def paper_of(*, by: Viewer, kind: str, owner: str, name: str, revision: str, format: str, site: str) -> Paper:
    """One paper of a commit. `site` is this hub's address. Raises as a pull does, and `NoSuchPaper`."""
    form = FORMATS.get(format)
    if form is None or kind not in form.kinds:
        known = ", ".join(each.id for each in formats_of(kind))
        raise NoSuchPaper(f"There is no paper {format[:40]!r} of a {kind}. There are: {known}.")
    facts = facts_of(by=by, kind=kind, owner=owner, name=name, revision=revision, site=site)
    data = form.write(facts)
    note_reading(by=by, facts=facts, paper=form.id, sha256=hashlib.sha256(data).hexdigest())
    file_name = f"{facts.short_name}-{facts.commit[:12]}.{form.id}.{form.extension}"
    return Paper(file_name, form.media_type, data)


def note_reading(*, by: Viewer, facts: Facts, paper: str, sha256: str = "") -> None:
    """Who read which paper of what, in the ledger; the same again within ten minutes is no other event."""
    subject, reader = f"{facts.kind}s/{facts.name}@{facts.commit}", by.name or "anonymous"
    recent = AuditEvent.objects.filter(actor=reader, action="paper.read", subject=subject, detail__paper=paper)
    if recent.filter(at__gt=clock.now() - _ONE_READING).exists():
        return
    with write_transaction():
        record(by=reader, action="paper.read", subject=subject, paper=paper, sha256=sha256)


def facts_of(*, by: Viewer, kind: str, owner: str, name: str, revision: str, site: str) -> Facts:
    """What is known of the commit, with nothing that this viewer may not see."""
    repo = find_repo(by, kind, owner, name)
    check_read_content(by, repo)
    at = revision_of(repo, revision)
    over = manifest_of(repo, at.commit)
    sizes = {path: entry.size for path, entry in trees.files(at.tree)}
    card = _card(by, at, sizes)
    results = reported_results(card.metadata, _results_files(by, at, sizes))
    weights = weights_summary(by, at) if kind == "model" else None
    reviewed = Revision.objects.filter(repo=repo, commit=at.commit).select_related("repo__owner").first()
    return Facts(
        kind=kind,
        name=repo.full_name,
        commit=at.commit,
        committed_at=Commit.objects.get(repo=repo, oid=at.commit).committed_at,
        made_at=clock.now().replace(microsecond=0),
        url=f"{site.rstrip('/')}/{'datasets/' if kind == 'dataset' else ''}{repo.full_name}",
        digest=over.digest,
        key_id=signing.key_id(),
        files=tuple(of.File(path, sizes[path], over.files[path]) for path in sorted(over.files)[:_MOST_LISTED]),
        file_count=len(over.files),
        metadata=card.metadata,
        summary=summary_of(card.body),
        parameters=sum(weights.parameters.values()) if weights and weights.parameters else None,
        size=sum(sizes.values()),
        ancestors=tuple(
            of.Ancestor(each.kind, str(each.relation), each.name, each.revision)
            for each in named_ancestors(kind, card.metadata, sizes, results)
        ),
        results=tuple(_result(each) for each in results),
        architecture=_architecture(by, at, sizes),
        is_private=repo.is_private,
        **(_governed(by, reviewed) if reviewed else {}),
    )


def _card(by: Viewer, at: At, sizes: Mapping[str, int]) -> ParsedCard:
    return parse_card(_text(by, at, CARD)) if CARD in sizes else ParsedCard()


def _results_files(by: Viewer, at: At, sizes: Mapping[str, int]) -> list[tuple[str, str]]:
    chosen = [path for path, size in sizes.items() if is_results_file(path) and size <= _MAX_RESULTS_FILE]
    return [(path, _text(by, at, path)) for path in chosen]


def _text(by: Viewer, at: At, path: str) -> str:
    """A small file; one that lies outside git is none that people write by hand, and a quarantined one says nothing."""
    if path in quarantined_for(by, at):
        return ""
    return (file_at(by, at, path).data or b"").decode("utf-8", "replace")


def _result(each: Reported) -> of.Result:
    value = each.text or (f"{each.value:g}" if each.value is not None else "")
    return of.Result(each.dataset or each.dataset_name, each.metric_name or each.metric, value, each.split)


def _architecture(by: Viewer, at: At, sizes: Mapping[str, int]) -> str:
    """As a transformer's configuration names it."""
    if sizes.get(CONFIG, _MAX_RESULTS_FILE + 1) > _MAX_RESULTS_FILE:
        return ""
    try:
        config = json.loads(_text(by, at, CONFIG))
    except ValueError:
        return ""
    told = config if isinstance(config, dict) else {}
    classes = told.get("architectures")
    named = [*(classes if isinstance(classes, list) else []), told.get("model_type")]
    return ", ".join(dict.fromkeys(each[:100] for each in named if isinstance(each, str)))


def _governed(by: Viewer, revision: Revision) -> dict[str, Any]:
    """What is known of the revision; what nobody recorded stays away, and so shows as a gap."""
    sources, findings = data.data_of(by, revision), findings_of(by, revision)
    use = uses.use_of_revision(by, revision)
    return {
        "review": _review(revision),
        "licence": _licence(licences.licence_of(by, revision)),
        "use": use.body if use.record else None,
        "findings": tuple(map(_finding, findings.items)),
        "withheld": sources.hidden + findings.withheld,
        "scan": _scan(scans.scan_of(by, revision)),
        **(_data(sources) if sources.record else {}),
    }


def _review(revision: Revision) -> of.Review:
    decisions = revision.decisions.order_by("at", "pk")
    return of.Review(
        state=revision.state,
        tier=revision.tier,
        binding=revision.binding,
        purposes=tuple(map(str, revision.purposes)),
        conditions=tuple(map(str, revision.conditions)),
        expires_at=revision.expires_at,
        decisions=tuple(
            of.Decided(each.domain, each.state, each.by, each.at, each.reason, tuple(map(str, each.conditions)))
            for each in decisions
        ),
    )


def _licence(found: licences.LicencePicture) -> of.Licence | None:
    if not found.is_examined:
        return None
    return of.Licence(
        declared=found.license_name if found.declared == "other" and found.license_name else found.declared,
        concluded=found.concluded,
        effective=found.effective,
        verdict=str(found.verdict),
        faults=tuple(_fault(each) for each in found.faults),
        obligations=tuple(f"{each.text} ({_MET[each.is_met]})" for each in found.obligations),
        declared_spdx=_as_spdx(found.declared),
        detected=tuple(dict.fromkeys(str(each.get("licence", "")) for each in found.detected if each.get("licence"))),
        notice=found.notice_text,
    )


def _as_spdx(declared: str) -> str:
    """Empty for what is no expression of known licences: families, and names that nobody knows."""
    try:
        return normalised(declared, current_table()) if declared else ""
    except InvalidInput:
        return ""


def _fault(each: Fault) -> str:
    return f"{each.rule} {each.verdict}, {' → '.join(each.edge)}: {each.clause} {each.mend}".strip()


def _data(found: data.DataPicture) -> dict[str, Any]:
    complete, shown = found.completeness, {name_of(source) for source in found.body["training_data"]}
    return {
        "sources": tuple(found.body["training_data"]),
        "completeness": complete.share,
        "missing": tuple(name for name in complete.missing if name.partition(":")[0] in shown),
        "unknown": tuple(f"{each.label}: {each.why}" for each in complete.unknown if each.source in shown),
    }


def _finding(each: FindingAt) -> of.Finding:
    return of.Finding(
        id=each.label if each.row.number else "A finding",
        title=each.row.title,
        severity=each.row.severity,
        status=each.row.status,
        kind=each.row.kind,
        body=each.body,
        origin=(each.repo.full_name if each.repo else "a private repository") if each.is_inherited else "",
        is_open=each.is_open,
    )


def _scan(found: scans.ScanPicture) -> of.Scan:
    flagged = [(each.path, str(each.verdict), each.reason) for each in found.files if each.verdict != Verdict.CLEAN]
    return of.Scan(found.state, str(found.worst), found.rules, found.count, found.clean, tuple(flagged))
