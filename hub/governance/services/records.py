"""New versions of what is recorded of a revision."""

from collections.abc import Iterable
from typing import Any

from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import Repo
from hub.core.errors import Conflict
from hub.governance.canonical import digest
from hub.governance.errors import InvalidRecord
from hub.governance.models import Record, Revision
from hub.governance.records.schema import Problem
from hub.governance.selectors.records import FIELDS, head_of

CARD = "card"
_SHOWN = 3


def head(repo: Repo, *, by: str) -> Revision:
    """The governance record of main's head, made when it is missing. Outside of a transaction."""
    from hub.governance.services import examination  # it runs the steps, which import this module

    if found := head_of(repo):
        return found
    ref = repo.refs.filter(name="refs/heads/main").first()
    if ref is None or examination.made(repo_id=repo.pk, commit=ref.target, by=by) is None:
        raise RevisionNotFound(f"{repo.full_name} has no commit yet, so there is nothing to record. Push files first.")
    found = head_of(repo)
    if found is None:
        raise Conflict(f"The main branch of {repo.full_name} moves. Try again.")
    return found


def check(problems: Iterable[Problem]) -> None:
    """Raises `InvalidRecord` with all of them."""
    if listed := list(problems):
        said = " ".join(map(str, listed[:_SHOWN]))
        more = f" And {len(listed) - _SHOWN} more." if len(listed) > _SHOWN else ""
        raise InvalidRecord(
            f"The record doesn't fit its schema. {said}{more}", problems=[(each.path, each.message) for each in listed]
        )


def check_base(held: Record | None, base: int | None) -> None:
    """Raises `Conflict` unless the record that the change started from still holds (None: it wasn't said)."""
    now = held.number if held else 0
    if base is not None and base != now:
        raise Conflict(f"The record is version {now} now, and you changed version {base}. Look at it, then try again.")


def hold(revision: Revision, kind: Record.Kind, body: dict[str, Any], *, by: str, source: str) -> Record | None:
    """Make it the record of this revision; None where it says what holds already. Inside the caller's transaction."""
    held: Record | None = getattr(revision, FIELDS[kind])
    sha256 = digest(body)
    if held and held.sha256 == sha256:
        return None
    last = Record.objects.select_for_update().filter(repo=revision.repo_id, kind=kind).order_by("-number").first()
    record = Record.objects.create(
        repo_id=revision.repo_id,
        kind=kind,
        number=last.number + 1 if last else 1,
        body=body,
        sha256=sha256,
        by=by,
        source=source,
    )
    carry(revision, kind, record)
    return record


def held_now(revision: Revision, kind: Record.Kind) -> Record | None:
    """The record that holds at this moment: somebody may have written one since `revision` was read. Inside the
    caller's transaction, which keeps others from writing one."""
    name = FIELDS[kind]
    held: Record | None = getattr(
        Revision.objects.select_for_update(of=("self",)).select_related(name).get(pk=revision.pk), name
    )
    setattr(revision, name, held)
    return held


def carry(revision: Revision, kind: Record.Kind, record: Record) -> None:
    """Let a record that is there hold for this revision."""
    Revision.objects.filter(pk=revision.pk).update(**{FIELDS[kind]: record})
    setattr(revision, FIELDS[kind], record)


def take_over(revision: Revision, kind: Record.Kind, before: Record | None, stated: dict[str, Any]) -> Record | None:
    """The record of a new revision: that of the one before, unless that came from a card and this card states another.

    What people wrote is never overwritten by a card. Inside the caller's transaction.
    """
    if before is not None and (before.source != CARD or before.sha256 == digest(stated) or not stated):
        carry(revision, kind, before)
        return before
    return hold(revision, kind, stated, by="system", source=CARD) if stated else None
