"""Papers of one commit: gather what is known, as far as the viewer may see it, and write it in a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import trees
from hub.catalog.ancestry import named_ancestors
from hub.catalog.card import ParsedCard, parse_card, summary_of
from hub.catalog.models import Commit
from hub.catalog.permissions import check_read_content
from hub.catalog.results import Reported, is_results_file, reported_results
from hub.catalog.selectors import Revision as At
from hub.catalog.selectors import file_at, find_repo, revision_of, weights_summary
from hub.core import clock, signing
from hub.core.errors import HubError
from hub.governance.exports import FORMATS, Format
from hub.governance.exports import facts as of
from hub.governance.exports.facts import Facts
from hub.governance.models import Revision
from hub.governance.services.pulls import quarantined_for
from hub.governance.services.signatures import manifest_of

CARD = "README.md"
_MAX_RESULTS_FILE = 1_000_000


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
    file_name = f"{facts.short_name}-{facts.commit[:12]}.{form.id}.{form.extension}"
    return Paper(file_name, form.media_type, form.write(facts))


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
        files=tuple(of.File(path, sizes[path], over.files[path]) for path in sorted(over.files)),
        metadata=card.metadata,
        summary=summary_of(card.body),
        parameters=sum(weights.parameters.values()) if weights and weights.parameters else None,
        size=sum(sizes.values()),
        ancestors=tuple(
            of.Ancestor(each.kind, str(each.relation), each.name, each.revision)
            for each in named_ancestors(kind, card.metadata, sizes, results)
        ),
        results=tuple(_result(each) for each in results),
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


def _governed(by: Viewer, revision: Revision) -> dict[str, Any]:
    """What the parts of governance know of the revision; what no part knows stays away, and so shows as a gap."""
    told: dict[str, Any] = {"review": _review(revision)}
    for module, read in (
        ("licences", _licence),
        ("data", _data),
        ("uses", _use),
        ("findings", _findings),
        ("scans", _scan),
    ):
        name = f"hub.governance.selectors.{module}"
        if find_spec(name):
            told |= read(import_module(name), by, revision, told)
    return told


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


def _licence(part: Any, by: Viewer, revision: Revision, _told: dict[str, Any]) -> dict[str, Any]:
    found = part.licence_of(by, revision)
    licence = of.Licence(
        declared=found.declared,
        concluded=found.concluded,
        effective=found.effective,
        verdict=str(found.verdict),
        faults=tuple(f"{each.rule} {each.clause}".strip() for each in found.faults),
        obligations=tuple(str(getattr(each, "text", each)) for each in found.obligations),
    )
    return {"licence": licence}


def _data(part: Any, by: Viewer, revision: Revision, told: dict[str, Any]) -> dict[str, Any]:
    found = part.data_of(by, revision)
    if found.record is None:
        return {}
    sources = tuple(found.body.get("training_data", ()))
    return {
        "sources": sources,
        "completeness": found.completeness.share,
        "withheld": told.get("withheld", 0) + found.hidden,
    }


def _use(part: Any, by: Viewer, revision: Revision, _told: dict[str, Any]) -> dict[str, Any]:
    found = part.use_of_revision(by, revision)
    return {"use": found.body} if found.record else {}


def _findings(part: Any, by: Viewer, revision: Revision, told: dict[str, Any]) -> dict[str, Any]:
    found = part.findings_of(by, revision)
    listed = tuple(
        of.Finding(
            id=f"BN-{each.row.number:04}",
            title=each.row.title,
            severity=each.row.severity,
            status=each.row.status,
            kind=each.row.kind,
            body=each.body,
            is_inherited=each.is_inherited,
        )
        for each in found.items
    )
    return {"findings": listed, "withheld": told.get("withheld", 0) + found.withheld}


def _scan(part: Any, by: Viewer, revision: Revision, _told: dict[str, Any]) -> dict[str, Any]:
    found = part.scan_of(by, revision)
    return {"scan": of.Scan(found.state, str(found.worst), found.rules, found.count, found.clean)}
