"""Reviews: where a revision stands, what it rests on, who decided, and what is still missing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read
from hub.catalog.selectors import commit_ids, list_commits
from hub.core import clock
from hub.core.prepared import Prepared
from hub.governance import changes
from hub.governance.binding import Binding, bind
from hub.governance.canonical import digest
from hub.governance.errors import RevisionNotReviewed
from hub.governance.models import (
    Decision,
    Domain,
    DomainReview,
    DomainState,
    FindingVersion,
    Record,
    ReviewEvent,
    Revision,
    State,
    Waiver,
)
from hub.governance.permissions import domains_of
from hub.governance.policy.domains import domains_of_rule
from hub.governance.selectors import shares
from hub.governance.selectors.contents import card_of, configs_of, manifest_digest, place_of, result_ids
from hub.governance.selectors.policies import policies
from hub.governance.states import CLOSED, DECIDED

_APPROVED = (State.APPROVED, State.CONDITIONAL)
# So far back the history is looked through for authors and earlier decisions.
_DEPTH = 2_000
_DECIDED = Prepared(lambda revision: Decision.objects.filter(revision=revision).values_list("by"))


@dataclass(frozen=True)
class DomainStanding:
    """One domain of a review. `decision` is the newest one, `may_decide` whether the viewer may make the next;
    `refusal` says why not, empty where they may."""

    domain: str
    label: str
    state: str
    state_label: str
    by: str
    at: dt.datetime
    blocking: tuple[str, ...]
    decision: Decision | None
    may_decide: bool
    refusal: str


@dataclass(frozen=True)
class ReviewPicture:
    """All that a screen of one review shows, for this viewer."""

    revision: Revision
    binding: Binding
    domains: tuple[DomainStanding, ...]
    missing: tuple[str, ...]
    events: tuple[ReviewEvent, ...]
    sign_off: Decision | None
    last_approved: Revision | None


def revision_of(viewer: Viewer, repo: Repo, commit: str) -> Revision:
    """The record of that commit (40 hex digits). Raises `RevisionNotReviewed`, `RepoNotFound`."""
    check_read(viewer, repo)
    found = _revisions().filter(repo=repo, commit=commit).first()
    if found is None:
        raise RevisionNotReviewed(f"{repo.full_name} has no review of {commit[:12]}. Reviews follow commits to main.")
    found.repo = repo
    return found


def fresh(pk: int) -> Revision:
    """The revision as it stands now, with what a review reads of it."""
    return _revisions().get(pk=pk)


def binding_of(revision: Revision) -> Binding:
    """What a decision rests on, as it is now."""
    scan = shares.scan_share(revision)
    return bind(
        {
            "repo": revision.repo.public_id,
            "commit": revision.commit,
            "tree_manifest_sha256": manifest_digest(place_of(revision).tree),
            "licence_record_sha256": shares.licence_share(revision),
            "data_record_sha256": shares.data_share(revision),
            "bias_notes_sha256": shares.bias_share(revision),
            "eval_result_ids": result_ids(revision),
            "scan_result_ids": [scan] if scan else [],
            "policy_version": shares.policy_version(),
            "tier": revision.tier,
            "intended_use_sha256": shares.use_share(revision),
        }
    )


def review_facts(revision: Revision, *, scan: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What rules read as `rev`; `scan`: its facts, where they are known."""
    scan = shares.scan_facts(revision) if scan is None else scan
    is_approved = revision.state in _APPROVED
    hashes = list(scan.get("code_hashes", []))
    # What was approved before matters only to code.
    approved = revision if is_approved or not hashes else last_approved(revision)
    same = approved is revision
    return {
        "state": str(revision.state),
        "tier": revision.tier or 0,
        "commit": revision.commit,
        "purposes": list(revision.purposes),
        "conditions": list(revision.conditions),
        "expires_at": revision.expires_at,
        "executes_code": bool(scan.get("executes_code")),
        "code_hashes": hashes,
        "approved_code_hashes": hashes if same else _code_hashes(approved),
        "decided_by": sorted({by for (by,) in _DECIDED(revision.pk)} - {"system"}),
    }


def picture_of(viewer: Viewer, revision: Revision) -> ReviewPicture:
    """One review for its screen. Raises `RepoNotFound`."""
    check_read(viewer, revision.repo)
    decisions, mine, rows = newest_decisions(revision), domains_of(viewer), _domains(revision)
    authors = authors_of(revision) if mine else frozenset()
    return ReviewPicture(
        revision=revision,
        binding=binding_of(revision),
        domains=tuple(_standing(viewer, revision, row, decisions.get(row.domain), mine, authors) for row in rows),
        missing=missing(revision),
        events=tuple(ReviewEvent.objects.filter(revision=revision).order_by("pk")),
        sign_off=decisions.get(""),
        last_approved=last_approved(revision),
    )


def decisions_of(viewer: Viewer, revision: Revision) -> tuple[Decision, ...]:
    """All decisions on it, oldest first."""
    check_read(viewer, revision.repo)
    return tuple(Decision.objects.filter(revision=revision).select_related("carried_from").order_by("pk"))


def newest_decisions(revision: Revision) -> dict[str, Decision]:
    """The one that holds for each domain; under "" the owner's sign-off."""
    rows = Decision.objects.filter(revision=revision).select_related("carried_from").order_by("pk")
    return {row.domain: row for row in rows}


def ancestors_of(revision: Revision) -> list[str]:
    """The commits before it, newest first."""
    return commit_ids(revision.repo, revision.commit, offset=1, limit=_DEPTH, in_full=True)


def earlier(revision: Revision) -> list[Revision]:
    """The reviewed revisions before it on its history, newest first."""
    return _before(revision, _revisions().filter(repo=revision.repo_id))


def last_approved(revision: Revision) -> Revision | None:
    """The newest revision before it whose approval was given: superseded or expired ones too, taken back ones not."""
    counts = (*_APPROVED, State.SUPERSEDED, State.EXPIRED, State.RETIRED)
    given = _revisions().filter(repo=revision.repo_id, state__in=counts, decided_at__isnull=False)
    return next(iter(_before(revision, given)), None)


def authors_of(revision: Revision) -> frozenset[str]:
    """Who uploaded it, and who wrote a commit of it since the last approved revision."""
    before = last_approved(revision)
    names = {revision.uploader}
    for commit in list_commits(place_of(revision), limit=_DEPTH, in_full=True):
        if before and commit.oid == before.commit:
            break
        names.update(commit.authors)
    return frozenset(names - {"", "system"})


def record_authors(revision: Revision, domain: str) -> frozenset[str]:
    """Who stated what is reviewed in that domain; what was read from the files has no author."""
    if domain == Domain.BIAS:
        names = set(FindingVersion.objects.filter(finding__repo=revision.repo_id).values_list("by", flat=True))
    else:
        # A licence record is read from the files, or is a reviewer's conclusion, which is part of the review.
        record = {Domain.DATA: revision.data_record, Domain.USE: revision.use_record}.get(Domain(domain))
        names = {record.by, *_wrote_since(revision, record)} if record else set()
    return frozenset(names - {"", "system"})


def _wrote_since(revision: Revision, record: Record) -> QuerySet[Record, str]:
    """Who wrote a version that this one goes on from, and that no decided revision held."""
    decided = Revision.objects.filter(repo=revision.repo_id, decided_at__isnull=False).exclude(pk=revision.pk)
    held = decided.order_by("-decided_at").values_list(f"{record.kind}_record__number", flat=True).first() or 0
    versions = Record.objects.filter(repo=revision.repo_id, kind=record.kind, number__lte=record.number)
    return versions.filter(number__gt=held).values_list("by", flat=True)


def refusal_for(viewer: Viewer, revision: Revision, domain: str, authors: frozenset[str]) -> str:
    """Why this reviewer may not approve the domain: separation of duties. Empty where they may."""
    if viewer.name == revision.uploader:
        return "You uploaded this revision: somebody else must review it."
    if viewer.name in authors:
        return "You wrote a commit since the last approved revision: somebody else must review it."
    if viewer.name in record_authors(revision, domain):
        return "You wrote the record that is reviewed here: somebody else must review it."
    return ""


def holding_decisions(revision: Revision) -> tuple[Decision, ...]:
    """The newest decision of each domain that a person closed."""
    states = dict(DomainReview.objects.filter(revision=revision).values_list("domain", "state"))
    newest = newest_decisions(revision)
    return tuple(row for domain, row in newest.items() if domain and states.get(domain) in DECIDED)


def reopened_domains(before: Iterable[Revision]) -> frozenset[str]:
    """Domains that stand open in the newest of these revisions in which anything was decided on them: what was decided
    even earlier holds no more."""
    rows = list(before)
    states = DomainReview.objects.filter(revision__in=rows).values_list("revision", "domain", "state")
    by_row = {(pk, domain): state for pk, domain, state in states}
    moved = ReviewEvent.objects.filter(revision__in=rows, kind="domain").values_list("revision", "domain")
    touched = {*moved, *(key for key, state in by_row.items() if state != DomainState.PENDING)}
    newest = {domain: next((row.pk for row in rows if (row.pk, domain) in touched), None) for domain in Domain.values}
    return frozenset(domain for domain, pk in newest.items() if pk and by_row[(pk, domain)] not in CLOSED)


def grave_findings(revision: Revision) -> int:
    """How many open findings are of high severity or above."""
    facts = shares.bias_facts(revision)
    return int(facts.get("open_high", 0)) + int(facts.get("open_critical", 0))


def beside_binding(revision: Revision) -> dict[str, Any]:
    """What is written down beside the binding's parts, to tell how much a change weighs."""
    scan = shares.scan_facts(revision)
    said = [str(scan.get("worst")), bool(scan.get("has_pickle")), sorted(scan.get("code_hashes", []))]
    return {"grave": grave_findings(revision), "scan": digest(said)}


def deciders(revision: Revision) -> dict[str, str]:
    """Who decided each domain that a person closed, by domain: for what was carried over, who decided it first."""
    return {row.domain: root_of(row).by for row in holding_decisions(revision)}


def root_of(decision: Decision) -> Decision:
    """The decision of a person behind one that was carried over, perhaps several times."""
    while decision.carried_from:
        decision = decision.carried_from
    return decision


def missing(revision: Revision) -> tuple[str, ...]:
    """What stands between the revision and its approval, in words; nothing where it is approved as soon as asked."""
    lacks = [f"{row.get_domain_display()} is open" for row in _domains(revision) if row.state not in CLOSED]
    return (*lacks, *people_missing(revision))


def people_missing(revision: Revision) -> tuple[str, ...]:
    """Whose decision the tier asks for beyond those that were made."""
    if revision.tier is None:
        return ("The tier is not set",)
    by = deciders(revision)
    lacks = []
    if not by:
        lacks.append("No reviewer has decided on any domain yet")
    if revision.tier >= 3 and len(set(by.values())) == 1:
        lacks.append(f"Tier {revision.tier} takes two different reviewers")
    if revision.tier >= 3 and Domain.LICENCE in by and by[Domain.LICENCE] == by.get(Domain.BIAS):
        lacks.append(f"Tier {revision.tier} takes different reviewers for licence and bias")
    if revision.tier >= 4 and not has_sign_off(revision):
        lacks.append("Tier 4 takes the owner's sign-off")
    return tuple(lacks)


def has_sign_off(revision: Revision) -> bool:
    """Whether the owner signed off what is there now."""
    decision = newest_decisions(revision).get("")
    return decision is not None and decision.binding == (revision.binding or binding_of(revision).sha256)


def holds_waiver(revision: Revision, domain: str, *, besides: str = "") -> bool:
    """Whether somebody granted a waiver of a rule of that domain, which holds for this revision now; not `besides` for
    themselves."""
    codes = [code for code, rule in policies().rules.items() if domain in domains_of_rule(rule)]
    return waivers_of(revision).filter(rule__in=codes).exclude(requested_by=besides).exists()


def waiver_author(revision: Revision, approver: str) -> str:
    """Who asked for the waivers that hold for it, where that is the approver alone; else somebody else, or nobody."""
    asked = sorted(set(waivers_of(revision).values_list("requested_by", flat=True)), key=lambda name: name == approver)
    return asked[0] if asked else ""


def waivers_of(revision: Revision) -> QuerySet[Waiver]:
    """Those that somebody granted for it, of all profiles, and that hold now."""
    at_commit = (Q(commit="") | Q(commit=revision.commit)) & (Q(binding="") | Q(binding=revision.binding))
    rows = Waiver.objects.filter(
        at_commit, profile=None, repo=revision.repo_id, ended_at=None, approved_at__isnull=False
    )
    return rows.filter(expires_at__gt=clock.now())


def revocation_asked_by(revision: Revision, *, besides: str, since: dt.datetime) -> str:
    """Another administrator who asked to revoke it since then; empty where none did."""
    asked = ReviewEvent.objects.filter(revision=revision, kind="revoke-asked", at__gte=since).exclude(by=besides)
    return asked.order_by("-pk").values_list("by", flat=True).first() or ""


def compared(revision: Revision) -> changes.State:
    """What the change matrix compares of it beside its files."""
    use = revision.use_record
    return changes.State(
        metadata=card_of(revision),
        configs=configs_of(revision),
        licence=revision.licence_record.sha256 if revision.licence_record else "",
        data=revision.data_record.sha256 if revision.data_record else "",
        use=use.body if use else {},
    )


def suspended_by(revision: Revision) -> str:
    """Who suspended it last."""
    last = _last_suspension(revision)
    return last.by if last else ""


def suspended_from(revision: Revision) -> str:
    """The state that the last suspension ended; empty where there was none."""
    last = _last_suspension(revision)
    return last.before if last else ""


def _standing(
    viewer: Viewer,
    revision: Revision,
    row: DomainReview,
    decision: Decision | None,
    mine: frozenset[str],
    authors: frozenset[str],
) -> DomainStanding:
    is_reviewer = row.domain in mine
    refusal = refusal_for(viewer, revision, row.domain, authors) if is_reviewer else "You don't review this domain."
    return DomainStanding(
        domain=row.domain,
        label=row.get_domain_display(),
        state=row.state,
        state_label=row.get_state_display(),
        by=row.by,
        at=row.at,
        blocking=tuple(row.blocking),
        decision=decision,
        may_decide=is_reviewer and not refusal and revision.state == State.IN_REVIEW,
        refusal=refusal,
    )


def _domains(revision: Revision) -> list[DomainReview]:
    order = list(Domain.values)
    return sorted(DomainReview.objects.filter(revision=revision), key=lambda row: order.index(row.domain))


def _revisions() -> QuerySet[Revision]:
    return Revision.objects.select_related("repo__owner", "licence_record", "data_record", "use_record", "assigned_to")


def _before(revision: Revision, rows: QuerySet[Revision]) -> list[Revision]:
    """Those that are on its history, newest first; that is read only where there is anything to look for."""
    found = list(rows.exclude(pk=revision.pk))
    order = {oid: number for number, oid in enumerate(ancestors_of(revision))} if found else {}
    return sorted((row for row in found if row.commit in order), key=lambda row: order[row.commit])


def _code_hashes(revision: Revision | None) -> list[str]:
    return list(shares.scan_facts(revision).get("code_hashes", [])) if revision else []


def _last_suspension(revision: Revision) -> ReviewEvent | None:
    events = ReviewEvent.objects.filter(revision=revision, kind="transition", after=State.SUSPENDED)
    return events.order_by("-pk").first()
