"""What a revision is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read
from hub.governance.canonical import digest
from hub.governance.models import Record, Revision
from hub.governance.records.use import tier_of


@dataclass(frozen=True)
class UsePicture:
    record: Record | None
    body: Mapping[str, Any]
    tier: int | None


def use_of_revision(viewer: Viewer, revision: Revision | None) -> UsePicture:
    """The record that holds for it. Raises `RepoNotFound`."""
    if revision is None:
        return UsePicture(None, {}, None)
    check_read(viewer, revision.repo)
    body = revision.use_record.body if revision.use_record else {}
    return UsePicture(revision.use_record, body, revision.tier or tier_of(body))


def use_facts(revision: Revision) -> dict[str, Any]:
    body = revision.use_record.body if revision.use_record else {}
    parts = ("intended", "out_of_scope", "do_not_use_for")
    listed = {part: body[part] if isinstance(body.get(part), list) else [] for part in parts}
    return {"tier": revision.tier or tier_of(body), **listed}


def use_digest(revision: Revision) -> str:
    """The record's share of the binding."""
    return revision.use_record.sha256 if revision.use_record else digest({})
