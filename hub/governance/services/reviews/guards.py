"""The check of each guard that the tables of steps name: it raises unless the guard holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.models import Commit
from hub.core import clock
from hub.governance.binding import changed_parts, in_words
from hub.governance.errors import BindingChanged, SeparationOfDuties, TransitionRefused
from hub.governance.models import Domain, DomainReview, DomainState, ReviewEvent, Revision, State, Verdict
from hub.governance.policy.domains import domains_of_rule
from hub.governance.selectors import reviews, shares
from hub.governance.services.reviews import rules
from hub.governance.states import CLOSED, Step

# What must be in the record of training data before anybody reviews it.
REQUIRED_OF_DATA = frozenset({"licence", "consent", "people", "contamination"})
BAD = (Verdict.MALICIOUS, Verdict.ERROR)


@dataclass(frozen=True)
class Attempt:
    """Who tries a step, and what they bring: a reason, the binding that they were shown, the domain that it is about.

    `evidence` is what the system bases its own step on.
    """

    by: str
    viewer: Viewer = ANONYMOUS
    reason: str = ""
    shown: str = ""
    domain: str = ""
    evidence: Any = None

    def about(self, domain: str) -> "Attempt":
        return replace(self, domain=domain)


def check(step: Step, revision: Revision, attempt: Attempt) -> None:
    """Raises the refusal of the first guard that doesn't hold."""
    for name in step.guards:
        CHECKS[name](revision, attempt)


def not_ready(revision: Revision) -> tuple[str, ...]:
    """What is missing before the revision can be submitted, in words."""
    found = []
    for name in ("fields_complete", "licence_known", "tier_set"):
        try:
            CHECKS[name](revision, Attempt(by=""))
        except TransitionRefused as refusal:
            found.append(refusal.message)
    return tuple(found)


def required_of_data(lacking: list[str]) -> list[str]:
    """Those of the missing fields that a review can't begin without."""
    words = [{part.strip().lower() for part in name.split(":")} for name in lacking]
    return [name for name, said in zip(lacking, words, strict=True) if len(said) == 1 or said & REQUIRED_OF_DATA]


def _files_scanned(revision: Revision, _: Attempt) -> None:
    facts = shares.scan_facts(revision)
    _hold(facts["state"] == "done", "The scan of the files isn't done.")
    _hold(facts["worst"] not in BAD, "A file is malicious, or couldn't be scanned. Replace it with another commit.")


def _bad_file(revision: Revision, _: Attempt) -> None:
    facts = shares.scan_facts(revision)
    _hold(facts["state"] == "done" and facts["worst"] in BAD, "No file is known to be bad.")


def _fields_complete(revision: Revision, _: Attempt) -> None:
    lacks = required_of_data(list(shares.data_facts(revision).get("missing", [])))
    _hold(not lacks, f"The record of training data lacks {', '.join(lacks)}. Fill it in, or state why it is unknown.")
    _hold(shares.use_facts(revision).get("intended"), "The record of intended use names no intended use. Fill it in.")


def _licence_known(revision: Revision, _: Attempt) -> None:
    facts = shares.licence_facts(revision)
    unknown = "Its licence, or one of what it was made from, is unknown: its Licence tab says which."
    _hold(facts.get("is_known"), unknown)
    is_settled = not facts.get("is_contradicted") or facts.get("concluded")
    _hold(is_settled, "The licence file says another licence than the card. Mend one of them.")


def _tier_set(revision: Revision, _: Attempt) -> None:
    _hold(revision.tier, "The tier isn't set. Say how much is at stake, from 1 (experiment) to 4.")


def _domains_closed(revision: Revision, _: Attempt) -> None:
    rows = DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED)
    lacks = [Domain(domain).label for domain in rows.values_list("domain", flat=True)]
    _hold(not lacks, f"These domains are open: {', '.join(lacks)}.")


def _domain_open(revision: Revision, _: Attempt) -> None:
    is_open = DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED).exists()
    _hold(is_open, "Every domain is closed.")


def _domain_rejected(revision: Revision, _: Attempt) -> None:
    rejected = DomainReview.objects.filter(revision=revision, state=DomainState.REJECTED).exists()
    _hold(rejected, "A revision is rejected by rejecting one of its domains.")


def _people_enough(revision: Revision, _: Attempt) -> None:
    lacks = reviews.people_missing(revision)
    _hold(not lacks, f"{'. '.join(lacks)}.")


def _unconditional(revision: Revision, _: Attempt) -> None:
    _hold(not is_conditional(revision), "It is tied to conditions.")


def _with_conditions(revision: Revision, _: Attempt) -> None:
    _hold(is_conditional(revision), "It isn't tied to conditions.")


def is_conditional(revision: Revision) -> bool:
    """Whether a domain is approved with conditions, or the whole has some."""
    rows = DomainReview.objects.filter(revision=revision, state=DomainState.CONDITIONAL)
    return bool(revision.conditions) or rows.exists()


def _has_reason(_: Revision, attempt: Attempt) -> None:
    _hold(attempt.reason.strip(), "Give a reason: it is what the next reader has.")


def _was_approved(revision: Revision, _: Attempt) -> None:
    was = reviews.suspended_from(revision) in (State.APPROVED, State.CONDITIONAL)
    _hold(was, "It wasn't approved before it was suspended. Reopen its review instead.")


def _same_binding(revision: Revision, attempt: Attempt) -> None:
    now = reviews.binding_of(revision)
    changed = changed_parts(revision.binding_parts, now.parts)
    _hold(not changed, f"What the approval rests on has changed: {in_words(changed)}. Reopen the review instead.")
    _binding_current(revision, attempt)


def _binding_current(revision: Revision, attempt: Attempt) -> None:
    now = reviews.binding_of(revision)
    changed = changed_parts(revision.binding_parts, now.parts)
    if attempt.shown == now.sha256 and not changed:
        return
    what = f"This has changed since: {in_words(changed)}. " if changed else ""
    raise BindingChanged(
        f"You decided on {attempt.shown[:12] or 'nothing'}, and it is {now.short} now. {what}Look again, then decide.",
        parts=list(changed),
        binding=now.sha256,
    )


def _not_suspender(revision: Revision, attempt: Attempt) -> None:
    if (revision.tier or 0) >= 3 and attempt.by == reviews.suspended_by(revision):
        raise SeparationOfDuties(f"You suspended it: at tier {revision.tier} somebody else must reinstate it.")


def _second_admin(revision: Revision, attempt: Attempt) -> None:
    asked = ReviewEvent.objects.filter(revision=revision, kind="revoke-asked").exclude(by=attempt.by)
    _hold(asked.exists(), "Revoking takes two administrators: another one must ask for it too.")


def _is_due(revision: Revision, _: Attempt) -> None:
    _hold(revision.expires_at and revision.expires_at <= clock.now(), "Its approval hasn't come to its end.")


def _newer_approved(revision: Revision, _: Attempt) -> None:
    own = Commit.objects.filter(repo=revision.repo_id, oid=revision.commit).values("pk")[:1]
    newer = Commit.objects.filter(repo=revision.repo_id, oid=OuterRef("commit"), pk__gt=own)
    approved = Revision.objects.filter(repo=revision.repo_id, state__in=(State.APPROVED, State.CONDITIONAL))
    found = approved.exclude(pk=revision.pk).filter(Exists(newer))
    _hold(found.exists(), "No newer commit is approved.")


def _not_uploader(revision: Revision, attempt: Attempt) -> None:
    _separate(revision.uploader, attempt, "You uploaded this revision")


def _not_author(revision: Revision, attempt: Attempt) -> None:
    if attempt.by in reviews.authors_of(revision):
        _separate(attempt.by, attempt, "You wrote a commit since the last approved revision")


def _not_record_author(revision: Revision, attempt: Attempt) -> None:
    if attempt.by in reviews.record_authors(revision, attempt.domain):
        _separate(attempt.by, attempt, "You wrote the record that is reviewed here")


def _separate(name: str, attempt: Attempt, why: str) -> None:
    if attempt.by == name:
        raise SeparationOfDuties(f"{why}: somebody else must decide on it.")


def _waiver_granted(revision: Revision, attempt: Attempt) -> None:
    holds = reviews.holds_waiver(revision, attempt.domain, besides=attempt.by)
    what = f"No waiver of a rule on {Domain(attempt.domain).label.lower()}, asked for by somebody else, holds for this"
    _hold(holds, f"{what} revision. Have one asked for and granted first.")


def _rules_allow(revision: Revision, attempt: Attempt) -> None:
    """Rules on the facts of a domain refuse the step, the others the person."""
    author = reviews.waiver_author(revision, attempt.by)
    found = rules.of_approval(revision, approver=attempt.by, domain=attempt.domain, waiver_author=author)
    if found:
        refusal = TransitionRefused if all(domains_of_rule(each.rule) for each in found) else SeparationOfDuties
        raise refusal(" ".join(map(rules.said, found)))


def _licence_clear(revision: Revision, attempt: Attempt) -> None:
    said = rules.of_licence(revision) if attempt.domain == Domain.LICENCE else ()
    _hold(not said, f"The licence can't be approved. {' '.join(said)}")


def _evidence_allows(_: Revision, attempt: Attempt) -> None:
    _hold(attempt.evidence, "The evidence leaves something to decide.")


def _hold(condition: Any, refusal: str) -> None:
    if not condition:
        raise TransitionRefused(refusal)


CHECKS: dict[str, Callable[[Revision, Attempt], None]] = {
    "files_scanned": _files_scanned,
    "bad_file": _bad_file,
    "fields_complete": _fields_complete,
    "licence_known": _licence_known,
    "tier_set": _tier_set,
    "domains_closed": _domains_closed,
    "domain_open": _domain_open,
    "domain_rejected": _domain_rejected,
    "people_enough": _people_enough,
    "unconditional": _unconditional,
    "with_conditions": _with_conditions,
    "has_reason": _has_reason,
    "was_approved": _was_approved,
    "same_binding": _same_binding,
    "not_suspender": _not_suspender,
    "second_admin": _second_admin,
    "is_due": _is_due,
    "newer_approved": _newer_approved,
    "not_uploader": _not_uploader,
    "not_author": _not_author,
    "not_record_author": _not_record_author,
    "binding_current": _binding_current,
    "rules_allow": _rules_allow,
    "licence_clear": _licence_clear,
    "waiver_granted": _waiver_granted,
    "evidence_allows": _evidence_allows,
    "carried": _evidence_allows,
}
