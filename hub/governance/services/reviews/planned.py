"""Revisions that stay inside a change plan that was approved beforehand."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from hub.catalog.card import texts
from hub.catalog.models import Ancestor
from hub.core import clock
from hub.governance.changes import Kind
from hub.governance.envelopes import Measured, in_words, outside
from hub.governance.models import ChangePlan, Decision, Finding, FindingVersion, Revision, State
from hub.governance.selectors import reviews
from hub.governance.selectors.contents import card_of, results_at

_HOLDS = (State.APPROVED, State.CONDITIONAL, State.SUPERSEDED)


def plans_for(revision: Revision) -> list[tuple[ChangePlan, str]]:
    """The plans that could cover it, each with the relation to what it was made for ("": an earlier commit).

    Of other repositories, those of the same owner: what anybody's card says of its own measurements proves nothing to
    others. A plan of a private repository covers private ones alone, as the decisions that it carries name it.
    """
    live = ChangePlan.objects.filter(approved_at__isnull=False, ended_at=None, expires_at__gt=clock.now())
    live = live.filter(revision__state__in=_HOLDS).select_related("revision__repo__owner")
    earlier = {row.pk for row in reviews.earlier(revision)}
    own = [(plan, "") for plan in live.filter(revision__repo=revision.repo_id) if plan.revision_id in earlier]
    live = live.filter(revision__repo__owner=revision.repo.owner_id)
    if not revision.repo.is_private:
        live = live.filter(revision__repo__visibility=revision.repo.visibility)
    named = Ancestor.objects.filter(repo=revision.repo_id)
    found = []
    for kind, key, relation, commit in named.values_list("kind", "key", "relation", "commit"):
        at = Q(revision__commit=commit) if commit else Q()
        rows = live.filter(at, revision__repo__kind=kind, revision__repo__key=key)
        found += [(plan, relation) for plan in rows]
    return [*own, *found]


def refusals(
    plan: ChangePlan, relation: str, revision: Revision, kinds: Iterable[Kind], *, harmless: bool
) -> tuple[str, ...]:
    """Why the plan doesn't cover the revision, in words."""
    before, after = _measured(plan.revision), _measured(revision, is_harmless=harmless)
    return outside(plan.envelope, before, after, kinds=kinds, relation=relation)


def covered(plan: ChangePlan, revision: Revision, domains: Iterable[str]) -> list[tuple[Decision, dict[str, Any]]]:
    """The decisions that hold for it, and the measurements that prove it. None of somebody who wrote the revision, and
    none by a plan that they approved."""
    authors = reviews.authors_of(revision)
    if plan.approved_by in authors:
        return []
    shown = in_words(plan.envelope, _measured(plan.revision), _measured(revision))
    evidence = {
        "plan": plan.pk,
        "compared": [plan.revision.commit, revision.commit],
        "measured": shown,
        "shown": f"it stays inside the change plan “{plan.title}”: {shown}.",
    }
    held = [row for row in reviews.holding_decisions(plan.revision) if row.domain in set(domains)]
    return [(row, evidence) for row in held if reviews.root_of(row).by not in authors]


def _measured(revision: Revision, *, is_harmless: bool = False) -> Measured:
    licence = " ".join(texts(card_of(revision).get("license")))
    return Measured(licence, results_at(revision), _gaps(revision), is_harmless)


def _gaps(revision: Revision) -> dict[str, float]:
    """The newest measured gap of each slice: what a measurement says of this commit, or of the repository."""
    measured = FindingVersion.objects.filter(finding__repo=revision.repo_id, finding__kind=Finding.Kind.MEASURED)
    found: dict[str, float] = {}
    for body in measured.order_by("pk").values_list("body", flat=True):
        for piece in body.get("evidence") or []:
            if _is_of(piece, revision) and isinstance(piece.get("gap"), int | float):
                suite = (piece.get("eval") or {}).get("suite", "")
                found[f"{suite} {piece.get('metric', '')} {piece.get('slice', '')}".strip()] = float(piece["gap"])
    return found


def _is_of(piece: Any, revision: Revision) -> bool:
    return isinstance(piece, dict) and piece.get("model_revision") == revision.commit
