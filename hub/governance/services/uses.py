"""Record what a model or data set is for."""

from typing import Any

from django.db.models import Q

from hub.accounts.viewer import Viewer
from hub.audit.services import record as log
from hub.catalog.models import Repo
from hub.catalog.permissions import check_write
from hub.catalog.services.records import subject_of
from hub.core.transactions import write_transaction
from hub.governance.models import Record, Revision
from hub.governance.records import card, use
from hub.governance.selectors.cards import metadata_at
from hub.governance.selectors.records import inherited_record
from hub.governance.services import evidence, records

_USE = Record.Kind.USE


def record(*, by: Viewer, repo: Repo, body: Any, source: str = "form", base: int | None = None) -> Record:
    """Before: who may push states what main's head is for. After: a new version holds for it, and its tier is at least
    what that says. Raises `InvalidRecord` and `Conflict`."""
    check_write(by, repo)
    value, problems = use.checked(body)
    records.check(problems)
    revision = records.head(repo, by=by.name or "system")
    with write_transaction():
        revision = Revision.objects.select_for_update(of=("self",)).select_related("use_record").get(pk=revision.pk)
        before = revision.use_record
        records.check_base(before, base)
        made = records.hold(revision, _USE, value, by=by.name or "system", source=source)
        if made is not None:
            _raise_tier(revision, value)
            widened = use.is_wider(before.body if before else {}, value)
            domains = ("use", "licence", "bias") if widened else ("use",)
            evidence.changed(revision, domains, by=by.name or "system", what=f"intended use {made.number}")
            log(by=by.name or "system", action="use.record", subject=subject_of(repo, revision.commit),
                number=made.number, sha256=made.sha256, source=source)  # fmt: skip
    return made or before  # type: ignore[return-value]


def _raise_tier(revision: Revision, body: dict[str, Any]) -> None:
    tier = use.tier_of(body)
    if tier is not None:
        Revision.objects.filter(Q(tier=None) | Q(tier__lt=tier), pk=revision.pk).update(tier=tier)


def examine(revision: Revision) -> None:
    """Before: a commit. After: it has the record of the one before, or what its card states."""
    stated = card.use_record(metadata_at(revision))
    with write_transaction():
        before = records.held_now(revision, _USE) or inherited_record(revision, _USE)
        if held := records.take_over(revision, _USE, before, use.checked(stated)[0] if stated else {}):
            _raise_tier(revision, held.body)
