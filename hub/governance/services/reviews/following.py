"""Evidence that changes after a revision was examined: its review follows, in exactly the domains that it touches."""

from collections.abc import Iterable

from django.db.models import Q

from hub.catalog.models import Ancestor, Repo
from hub.core.transactions import write_transaction
from hub.governance.binding import changed_parts
from hub.governance.changes import Effect, Kind, effects, is_widened
from hub.governance.errors import TransitionRefused
from hub.governance.models import Record, Revision, State
from hub.governance.selectors import reviews, shares
from hub.governance.services.reviews import settling
from hub.governance.services.reviews.finishing import APPROVED, apply, finish, rebind, reopen
from hub.governance.services.reviews.guards import BAD, Attempt
from hub.governance.services.reviews.standing import suspend_by_system, tell_children
from hub.governance.services.reviews.transitions import SYSTEM, lock, log, move, note
from hub.governance.states import Who

_LIVE = (*APPROVED, State.NEEDS_INFO, State.IN_REVIEW, State.INTAKE, State.SUSPENDED, State.EXPIRED, State.WITHDRAWN)
_KINDS = {
    "licence_record_sha256": Kind.LICENCE,
    "data_record_sha256": Kind.DATA,
    "eval_result_ids": Kind.RESULTS,
    "scan_result_ids": Kind.SCANNER,
    "policy_version": Kind.POLICY,
}
_MAX_DESCENDANTS = 10_000
_LOOKS = 3


def evidence_changed(*, revision_id: int, by: str, what: str) -> tuple[str, ...]:
    """Compare what a review rests on with what is there now, and reopen what that touches; which domains these were.

    A revision that wasn't settled yet is settled. Nothing happens where nothing changed. Whoever changed the review
    between the look and the write goes first: then it is compared again.
    """
    for left in reversed(range(_LOOKS)):
        try:
            return _compared(revision_id, by, what)
        except TransitionRefused:
            if not left:
                raise
    return ()


def _compared(revision_id: int, by: str, what: str) -> tuple[str, ...]:
    found = Revision.objects.filter(pk=revision_id).first()
    if found is None:
        return ()
    revision = reviews.fresh(revision_id)
    opened: tuple[str, ...] = ()
    parts = changed_parts(revision.binding_parts, reviews.binding_of(revision).parts)
    if revision.state in _LIVE and parts:
        kinds = _kinds(revision, parts)
        says_other = Kind.LICENCE in kinds and _says_other_terms(revision)
        with write_transaction():
            lock(revision)
            if revision.state in APPROVED and settling.is_bad(shares.scan_facts(revision)):
                suspend_by_system(revision, settling.BAD_FILE)
            opened = follow(revision, kinds, by=by, what=what)
            if says_other:
                tell_children(revision, "its licence changed")
    elif revision.state == State.QUARANTINED and _is_fine(revision):
        with write_transaction():
            lock(revision)
            move(revision, State.SCANNING, who=Who.SYSTEM, attempt=Attempt(SYSTEM, reason=what), reason="")
    settling.examine(revision)
    return opened


def upstream_changed(*, repo_id: int, commit: str, by: str, what: str) -> int:
    """What was made from that commit, and from that again: its licence, data and bias are reviewed again. How many."""
    seen, level = {repo_id}, [repo_id]
    first, count = True, 0
    while level and len(seen) < _MAX_DESCENDANTS:
        below = _made_from(level, commit if first else "") - seen
        first = False
        seen |= below
        level = sorted(below)
        # What was superseded counts too: a later commit could go back to it.
        states = (*_LIVE, State.SUPERSEDED)
        for revision in Revision.objects.filter(repo__in=level, state__in=states).values_list("pk", flat=True):
            count += bool(_touch(revision, by, what))
    return count


def follow_policy(*, limit: int) -> int:
    """Revisions that were bound to an older version of the policy are bound anew: that is in their history, and
    nothing flips. How many."""
    version = shares.policy_version()
    older = Revision.objects.filter(state__in=_LIVE).exclude(binding="").exclude(binding_parts__policy_version=version)
    what = f"The policy is at version {version} now. No decision changes by that."
    found = list(older.order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in found:
        evidence_changed(revision_id=pk, by=SYSTEM, what=what)
    return len(found)


def follow(revision: Revision, kinds: Iterable[Kind], *, by: str, what: str) -> tuple[str, ...]:
    """Apply the effects of these kinds of change to a revision; the domains that opened. In a transaction."""
    kinds = list(kinds)
    found = effects(kinds)
    attempt = Attempt(SYSTEM, reason=what)
    opened = apply(revision, found, attempt)
    rebind(revision)
    if Kind.POLICY in kinds:
        note(revision, "policy", Attempt(by or SYSTEM, reason=what))
    log(revision, "review.evidence", attempt, kinds=[str(kind) for kind in kinds], opened=list(opened), caused_by=by)
    if Effect.SUSPEND in found.values() and revision.state in APPROVED:
        suspend_by_system(revision, what)
    elif not reopen(revision, what):
        finish(revision)
    return opened


def _touch(revision_id: int, by: str, what: str) -> tuple[str, ...]:
    revision = reviews.fresh(revision_id)
    with write_transaction():
        lock(revision)
        return follow(revision, [Kind.UPSTREAM], by=by, what=what)


def _kinds(revision: Revision, parts: Iterable[str]) -> list[Kind]:
    kinds = [_KINDS[part] for part in parts if part in _KINDS]
    if "bias_notes_sha256" in parts:
        before = int(revision.binding_parts.get("grave", 0))
        kinds.append(Kind.HIGH_FINDING if reviews.grave_findings(revision) > before else Kind.FINDING)
    if "intended_use_sha256" in parts and _has_widened(revision):
        kinds.append(Kind.USE_WIDENED)
    if Kind.SCANNER in kinds and not _says_otherwise(revision):
        kinds.remove(Kind.SCANNER)
    return kinds


def _says_otherwise(revision: Revision) -> bool:
    """Whether the new scan takes a reviewer's look: it has another outcome, and it isn't all clean."""
    same = reviews.beside_binding(revision)["scan"] == revision.binding_parts.get("scan")
    return not same and not settling.is_harmless(shares.scan_facts(revision))


def _says_other_terms(revision: Revision) -> bool:
    """Whether the licence means something else for what was made from it: a conclusion that confirms it doesn't."""
    bound = revision.binding_parts.get("licence_record_sha256", "")
    before = Record.objects.filter(repo=revision.repo_id, kind=Record.Kind.LICENCE, sha256=bound).first()
    return _terms(before) != _terms(revision.licence_record)


def _terms(record: Record | None) -> tuple[str, tuple[str, ...]]:
    if record is None:
        return "", ()
    texts = sorted(each["sha256"] for each in record.body["detected"])
    return record.body["judgement"]["effective"]["expression"], tuple(texts)


def _is_fine(revision: Revision) -> bool:
    facts = shares.scan_facts(revision)
    return facts["state"] == "done" and facts["worst"] not in BAD


def _has_widened(revision: Revision) -> bool:
    """Against the record of intended use that held when the review was bound last."""
    since = revision.decided_at or revision.submitted_at or revision.created_at
    rows = Record.objects.filter(repo=revision.repo_id, kind=Record.Kind.USE, at__lte=since).order_by("-number")
    before, now = rows.first(), revision.use_record
    return is_widened(before.body if before else {}, now.body if now else {})


def _made_from(repo_ids: list[int], commit: str) -> set[int]:
    """The repositories that name one of these as what they were made from, and no other commit of it."""
    found: set[int] = set()
    for kind, key in Repo.objects.filter(pk__in=repo_ids).values_list("kind", "key"):
        rows = Ancestor.objects.filter(kind=kind, key=key).exclude(relation=Ancestor.Relation.EVALUATED_ON)
        if commit:
            rows = rows.filter(Q(revision="") | Q(commit="") | Q(commit=commit))
        found |= set(rows.values_list("repo_id", flat=True))
    return found
